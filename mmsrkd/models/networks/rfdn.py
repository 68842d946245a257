from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import ESA
from mmsrkd.models.networks.blocks.fused_trunk import SLOPE, FusedTrunkNet
from mmsrkd.models.networks.checks import check_positive, check_scale
from mmsrkd.registry import MODELS


class RFDB(nn.Module):
    """Residual feature distillation block: stages that put half-width features aside, then ESA.

    Stage i puts ``L(ci_d(r))`` aside and goes on with ``r = L(ci_r(r) + r)``. What is put aside and
    ``L(c4(r))`` are joined by ``c5`` and gated by ESA. Nothing is added from the block's input to
    its output.

    Args:
        channels: Channels of input and output.
        num_stages: Number of stages, 1 to 3.
    """

    def __init__(self, channels: int, num_stages: int) -> None:
        super().__init__()
        half = channels // 2

        def aside(number: int) -> nn.Conv2d | None:
            return nn.Conv2d(channels, half, 1) if number <= num_stages else None

        def refine(number: int) -> nn.Conv2d | None:
            return nn.Conv2d(channels, channels, 3, padding=1) if number <= num_stages else None

        self.c1_d, self.c1_r = aside(1), refine(1)
        self.c2_d, self.c2_r = aside(2), refine(2)
        self.c3_d, self.c3_r = aside(3), refine(3)
        self.c4 = nn.Conv2d(channels, half, 3, padding=1)
        self.act = nn.LeakyReLU(SLOPE)
        self.c5 = nn.Conv2d(half * (num_stages + 1), channels, 1)
        self.esa = ESA(channels, channels // 4, deep=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W); H and W of at least ``ESA.MIN_SIDE``."""
        kept: list[Tensor] = []
        if self.c1_d is not None and self.c1_r is not None:
            kept.append(self.act(self.c1_d(x)))
            x = self.act(self.c1_r(x) + x)
        if self.c2_d is not None and self.c2_r is not None:
            kept.append(self.act(self.c2_d(x)))
            x = self.act(self.c2_r(x) + x)
        if self.c3_d is not None and self.c3_r is not None:
            kept.append(self.act(self.c3_d(x)))
            x = self.act(self.c3_r(x) + x)
        kept.append(self.act(self.c4(x)))
        return self.esa(self.c5(torch.cat(kept, dim=1)))


@MODELS.register_module()
class RFDN(FusedTrunkNet):
    """Residual Feature Distillation Network (ECCVW 2020), winner of AIM 2020 in efficiency.

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), H and W of at least 15. The
    published weights want 0..255 in and give 0..255 out: the converter folds that into the first
    and last convolution, nothing is scaled here.

    This is the released code, 50 channels and 4 blocks (417,212 parameters at x2, 433,448 at x4);
    the larger counts in the paper's tables match no configuration of it. The released code builds
    x4 whatever scale it is asked for; this one does not.

    The "distillation" in the name is inside a block and has no teacher. State keys are the official
    ones. Tap points are ``B1`` ... ``B4`` (outputs) and the features before up-sampling as the
    input of ``upsampler``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width.
        num_blocks: Number of blocks.
        num_stages: Stages in a block, 1 to 3; 3 is published, 1 with ``num_blocks=1`` is the
            student of TAKDSR (2023), 76,212 parameters.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, ``num_stages``, the width or the depth is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 50,
        num_blocks: int = 4,
        num_stages: int = 3,
        scale: int = 2,
    ) -> None:
        check_scale("RFDN", scale)
        check_positive("RFDN", channels=channels, num_blocks=num_blocks)
        if channels < 4:
            raise ValueError(f"RFDN needs channels >= 4 (a quarter in ESA), got {channels}")
        if num_stages not in (1, 2, 3):
            raise ValueError(f"RFDN: num_stages={num_stages!r} is not offered; use 1, 2 or 3")
        blocks = [RFDB(channels, num_stages) for _ in range(num_blocks)]
        super().__init__(in_channels, out_channels, channels, blocks, "B", scale, ESA.MIN_SIDE)
