from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import ChannelAttention, stepwise_upsampler
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS


def conv3x3(inputs: int, outputs: int) -> nn.Conv2d:
    """3x3 convolution that keeps the size."""
    return nn.Conv2d(inputs, outputs, 3, padding=1)


class RCAB(nn.Module):
    """Residual channel attention block: ``x + attention(conv(ReLU(conv(x))))``."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv3x3(channels, channels),
            nn.ReLU(),
            conv3x3(channels, channels),
            ChannelAttention(channels, reduction),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return x + self.body(x)


class ResidualGroup(nn.Module):
    """``num_blocks`` blocks and a convolution, added to the input."""

    def __init__(self, channels: int, num_blocks: int, reduction: int) -> None:
        super().__init__()
        blocks = (RCAB(channels, reduction) for _ in range(num_blocks))
        self.body = nn.Sequential(*blocks, conv3x3(channels, channels))

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return x + self.body(x)


@MODELS.register_module()
class RCAN(nn.Module):
    """Residual Channel Attention Network (ECCV 2018).

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. State keys are the
    official ones, without the two frozen convolutions that take off and add DIV2K's mean
    (``sub_mean``, ``add_mean``): the mean is a constant here. The official weights work on 0..255;
    the converter folds that. The published factor for residuals is never used in the official
    code, so there is none here.

    The channel attention averages over the whole image: tiles of an image differ from the whole.
    Students in the literature have 10 groups of 6 blocks.

    Tap points: ``body.{g}`` for groups, ``body.{g}.body.{b}`` for blocks; the features before
    up-sampling are the *input* of ``tail``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width.
        num_groups: Number of residual groups.
        num_blocks: Blocks in each group.
        reduction: Division of the channels inside the attention.
        scale: 2, 3 or 4.
        mean: Per-channel value taken off the input and added to the output, in [0, 1].

    Raises:
        ValueError: An argument has a value that is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        num_groups: int = 10,
        num_blocks: int = 20,
        reduction: int = 16,
        scale: int = 2,
        mean: Sequence[float] = (0.4488, 0.4371, 0.4040),
    ) -> None:
        super().__init__()
        self.scale = check_scale("RCAN", scale)
        check_positive("RCAN", channels=channels, num_groups=num_groups, num_blocks=num_blocks)
        if not 1 <= reduction <= channels:
            raise ValueError(f"RCAN needs 1 <= reduction <= channels={channels}, got {reduction}")
        if not len(mean) == in_channels == out_channels:
            raise ValueError(
                f"RCAN: mean has {len(mean)} values for {in_channels} input and {out_channels} "
                "output channels"
            )
        self.in_channels = in_channels
        self.mean: Tensor
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1), persistent=False)
        self.head = nn.Sequential(conv3x3(in_channels, channels))
        groups = (ResidualGroup(channels, num_blocks, reduction) for _ in range(num_groups))
        self.body = nn.Sequential(*groups, conv3x3(channels, channels))
        self.tail = nn.Sequential(
            stepwise_upsampler(channels, scale), conv3x3(channels, out_channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("RCAN", x, self.in_channels)
        shallow = self.head(x - self.mean)
        return self.tail(self.body(shallow) + shallow) + self.mean
