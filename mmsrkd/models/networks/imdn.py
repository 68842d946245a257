from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import ChannelAttention
from mmsrkd.models.networks.blocks.fused_trunk import SLOPE, FusedTrunkNet
from mmsrkd.models.networks.checks import check_positive, check_scale
from mmsrkd.registry import MODELS

REDUCTION = 16


class IMDB(nn.Module):
    """Information multi-distillation block: a quarter of the channels is put aside three times.

    ``c1``, ``c2`` and ``c3``, each with LeakyReLU, hand three quarters of their output on and put
    the first quarter aside; ``c4``, without activation, makes the fourth quarter. The four are
    joined, gated by contrast-aware channel attention, mixed by ``c5`` and added to the input.

    Args:
        channels: Channels of input and output.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        aside = channels // 4
        self.widths = [aside, channels - aside]
        self.c1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.c2 = nn.Conv2d(channels - aside, channels, 3, padding=1)
        self.c3 = nn.Conv2d(channels - aside, channels, 3, padding=1)
        self.c4 = nn.Conv2d(channels - aside, aside, 3, padding=1)
        self.act = nn.LeakyReLU(SLOPE)
        self.c5 = nn.Conv2d(channels, channels, 1)
        self.cca = ChannelAttention(channels, REDUCTION, contrast=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        first, rest = torch.split(self.act(self.c1(x)), self.widths, dim=1)
        second, rest = torch.split(self.act(self.c2(rest)), self.widths, dim=1)
        third, rest = torch.split(self.act(self.c3(rest)), self.widths, dim=1)
        joined = torch.cat([first, second, third, self.c4(rest)], dim=1)
        return self.c5(self.cca(joined)) + x


@MODELS.register_module()
class IMDN(FusedTrunkNet):
    """Information Multi-Distillation Network (ACM MM 2019).

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W; the published
    weights want the same range. 694,404, 703,059 and 715,176 parameters at x2, x3 and x4. The
    channel attention squeezes the whole image: an image in tiles is not quite the image in one.

    The "distillation" in the name is inside a block and has no teacher. State keys are the official
    ones. Tap points are ``IMDB1`` ... ``IMDB6`` (outputs) and the features before up-sampling as
    the input of ``upsampler``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width, a multiple of 4 and at least 16.
        num_blocks: Number of blocks.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, the width or the depth is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        num_blocks: int = 6,
        scale: int = 2,
    ) -> None:
        check_scale("IMDN", scale)
        check_positive("IMDN", channels=channels, num_blocks=num_blocks)
        if channels % 4 or channels < REDUCTION:
            raise ValueError(
                f"IMDN splits its channels into quarters and squeezes them {REDUCTION} times: "
                f"it needs a multiple of 4 of at least {REDUCTION}, got {channels}"
            )
        blocks = [IMDB(channels) for _ in range(num_blocks)]
        super().__init__(in_channels, out_channels, channels, blocks, "IMDB", scale)
