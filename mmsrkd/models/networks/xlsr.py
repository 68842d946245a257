from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import init_fan_out
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

GROUPS = 4


class GBlock(nn.Module):
    """A 3x3 convolution in four groups, ReLU, and a 1x1 convolution that mixes the groups.

    Args:
        channels: Channels of input and output.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(channels, channels, 3, padding=1, groups=GROUPS)
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return self.conv1(self.relu(self.conv0(x)))


@MODELS.register_module()
class XLSR(nn.Module):
    """Extremely lightweight quantisation-robust network (Ayazoglu, MAI 2021 winner at x3).

    RGB [0, 1] in and out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. A deep branch of grouped
    convolutions and a shallow one, joined; no addition anywhere and an output clipped to [0, 1],
    so that 8-bit arithmetic loses little. The clipping is part of the network: a pixel out of
    range has no gradient.

    The authors published no code; this follows cxzhou95/XLSR. Its four parallel convolutions of the
    image, each 3 -> 8 with ReLU, are one convolution 3 -> 32 here, which is the same thing.
    Otherwise the state keys are those of its ``best.pt`` (``Gblocks.{i}.conv0`` is a grouped
    convolution), without the ``.conv`` of its wrappers.

    Initialisation as there: N(0, 0.2 / (C_out k k)) and biases of 0.01, without which the clipping
    would leave half of the pixels without gradient.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Width of the deep branch, a multiple of 4; the shallow one has half of it.
        num_blocks: Number of grouped blocks.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, ``channels`` or ``num_blocks`` is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 32,
        num_blocks: int = 3,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.scale = check_scale("XLSR", scale)
        check_positive("XLSR", channels=channels, num_blocks=num_blocks)
        if channels % GROUPS:
            raise ValueError(f"XLSR: channels={channels} is not a multiple of {GROUPS}")
        self.in_channels = in_channels
        self.conv0 = nn.Conv2d(in_channels, channels, 3, padding=1)
        self.conv1 = nn.Conv2d(in_channels, channels // 2, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 1)
        self.Gblocks = nn.Sequential(*(GBlock(channels) for _ in range(num_blocks)))
        self.conv3 = nn.Conv2d(channels + channels // 2, channels, 1)
        self.conv4 = nn.Conv2d(channels, out_channels * scale**2, 3, padding=1)
        self.relu = nn.ReLU()
        self.shuffle = nn.PixelShuffle(scale)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                init_fan_out(module, gain=0.2, bias=0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW), clipped to [0, 1]."""
        check_image("XLSR", x, self.in_channels)
        deep = self.Gblocks(self.conv2(self.relu(self.conv0(x))))
        joined = torch.cat([deep, self.conv1(x)], dim=1)
        out = self.conv4(self.relu(self.conv3(joined)))
        return self.shuffle(out.clamp(0.0, 1.0))
