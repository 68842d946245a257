from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import divided_max_pool, enlarge_nearest, pixel_shuffle_head
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

LEVELS = 4


class ChannelLayerNorm(nn.Module):
    """Layer normalisation over the channels of each pixel, (N, C, H, W)."""

    def __init__(self, channels: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normalise and apply factor and offset of each channel."""
        centred = x - x.mean(1, keepdim=True)
        variance = centred.square().mean(1, keepdim=True)
        x = centred / torch.sqrt(variance + self.eps)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class SAFM(nn.Module):
    """Spatially-adaptive feature modulation: a gate from four quarters of the channels.

    Quarter ``i`` is max-pooled to a ``2**i``-th of the size, filtered depth-wise there and brought
    back by nearest neighbour; a 1x1 convolution and GELU make the gate.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        part = channels // LEVELS
        self.mfr = nn.ModuleList(
            nn.Conv2d(part, part, 3, padding=1, groups=part) for _ in range(LEVELS)
        )
        self.aggr = nn.Conv2d(channels, channels, 1)
        self.act = nn.GELU()

    def forward(self, x: Tensor) -> Tensor:
        """Modulate (N, C, H, W) features; H and W of at least 8."""
        size = (x.shape[2], x.shape[3])
        parts = x.chunk(len(self.mfr), dim=1)
        levels: list[Tensor] = []
        for level, conv in enumerate(self.mfr):
            part = parts[level]
            if level == 0:
                part = conv(part)
            else:
                part = conv(divided_max_pool(part, 1 << level))
                part = enlarge_nearest(part, size)
            levels.append(part)
        return self.act(self.aggr(torch.cat(levels, dim=1))) * x


class CCM(nn.Module):
    """Convolutional channel mixer: 3x3 to a multiple of the channels, GELU, 1x1 back."""

    def __init__(self, channels: int, ffn_scale: float) -> None:
        super().__init__()
        hidden = int(channels * ffn_scale + 1e-6)  # 61 / 28 * 28 is a little less than 61
        self.ccm = nn.Sequential(
            nn.Conv2d(channels, hidden, 3, padding=1), nn.GELU(), nn.Conv2d(hidden, channels, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return self.ccm(x)


class AttBlock(nn.Module):
    """``x + SAFM(norm(x))``, then ``x + CCM(norm(x))``."""

    def __init__(self, channels: int, ffn_scale: float) -> None:
        super().__init__()
        self.norm1 = ChannelLayerNorm(channels)
        self.norm2 = ChannelLayerNorm(channels)
        self.safm = SAFM(channels)
        self.ccm = CCM(channels, ffn_scale)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        x = x + self.safm(self.norm1(x))
        return x + self.ccm(self.norm2(x))


@MODELS.register_module()
class SAFMN(nn.Module):
    """Spatially-Adaptive Feature Modulation Network (ICCV 2023).

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), H and W of at least 8, since the
    coarsest level works on an eighth. State keys are the official ones.

    The pooling is adaptive, so sides need be no multiples of 8 and tiles of an image differ a
    little from the whole. The challenge variants (NTIRE 2023's SAFMN, SAFMN++) are other networks.
    The large model has 128 channels and 16 blocks.

    Tap points: ``feats.{i}`` and the features before up-sampling as the *input* of ``to_img``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width, a multiple of 4.
        num_blocks: Number of blocks.
        ffn_scale: Widening inside the channel mixer.
        scale: 2, 3 or 4.

    Raises:
        ValueError: An argument has a value that is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 36,
        num_blocks: int = 8,
        ffn_scale: float = 2.0,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.scale = check_scale("SAFMN", scale)
        check_positive("SAFMN", channels=channels, num_blocks=num_blocks)
        if channels % LEVELS:
            raise ValueError(f"SAFMN needs channels to be a multiple of {LEVELS}, got {channels}")
        self.in_channels = in_channels
        self.min_side = 2 ** (LEVELS - 1)
        self.to_feat = nn.Conv2d(in_channels, channels, 3, padding=1)
        self.feats = nn.Sequential(*(AttBlock(channels, ffn_scale) for _ in range(num_blocks)))
        self.to_img = pixel_shuffle_head(channels, out_channels, scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("SAFMN", x, self.in_channels, self.min_side)
        shallow = self.to_feat(x)
        return self.to_img(self.feats(shallow) + shallow)
