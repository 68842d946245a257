from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks.upsampling import pixel_shuffle_head
from mmsrkd.models.networks.checks import check_image

SLOPE = 0.05


class FusedTrunkNet(nn.Module):
    """What IMDN and RFDN have in common: all that is not the block.

    ``out = upsampler(LR_conv(L(c(concat of all block outputs))) + f)`` with ``f = fea_conv(x)``. A
    subclass builds the blocks; their keys are ``{block_name}1``, ``{block_name}2``, ...

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width, in and out of every block.
        blocks: The blocks; each has its fusing convolution at ``c5``.
        block_name: Beginning of their names.
        scale: Up-scaling factor.
        min_side: The least H and W a block takes.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        channels: int,
        blocks: Sequence[nn.Module],
        block_name: str,
        scale: int,
        min_side: int = 1,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__
        self.scale = scale
        self.in_channels = in_channels
        self.min_side = min_side
        self.fea_conv = nn.Conv2d(in_channels, channels, 3, padding=1)
        for number, block in enumerate(blocks, 1):
            self.add_module(f"{block_name}{number}", block)
        fuse = nn.Conv2d(channels * len(blocks), channels, 1)
        self.c = nn.Sequential(fuse, nn.LeakyReLU(SLOPE))
        self.LR_conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.upsampler = pixel_shuffle_head(channels, out_channels, scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image(self.name, x, self.in_channels, self.min_side)
        shallow = self.fea_conv(x)
        features = shallow
        outputs: list[Tensor] = []
        for block in self.children():  # in the order of registration; TorchScript unrolls it
            if hasattr(block, "c5"):
                features = block(features)
                outputs.append(features)
        fused = self.c(torch.cat(outputs, dim=1))
        return self.upsampler(self.LR_conv(fused) + shallow)
