from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import repeat_channels
from mmsrkd.models.networks.checks import (
    check_choice,
    check_image,
    check_image_residual,
    check_positive,
    check_scale,
)
from mmsrkd.models.networks.reparam import ReparamBlock
from mmsrkd.registry import MODELS

ACTIVATIONS = ("prelu", "relu")


class CollapsibleConv(ReparamBlock):
    """k x k convolution without bias, trained as a k x k into many channels and a 1x1 out of them.

    Where input and output have the same width, the kernel also holds the identity, which is a
    short residual.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Odd.
        expand_channels: Channels in between.
        deploy: Build the merged form.
    """

    BRANCHES = ("conv.0", "conv.1")

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        expand_channels: int,
        *,
        deploy: bool = False,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.deploy = deploy
        if deploy:
            self.eval_conv = self.build_conv()
            return
        self.conv = nn.Sequential(
            nn.Conv2d(in_channels, expand_channels, kernel_size, bias=False),
            nn.Conv2d(expand_channels, out_channels, 1, bias=False),
        )
        for parameter in self.conv.parameters():
            nn.init.xavier_uniform_(parameter)  # as Keras does

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H, W)."""
        return self.convolve(x)

    def build_conv(self) -> nn.Conv2d:
        """Return a new convolution."""
        size = self.kernel_size
        return nn.Conv2d(self.in_channels, self.out_channels, size, padding=size // 2, bias=False)

    def merge(self, state: Mapping[str, Tensor], prefix: str) -> tuple[Tensor, None]:
        """Return the kernel (O, I, k, k) that equals the branches; there is no bias."""
        first, last = (state[f"{prefix}{name}.weight"] for name in self.BRANCHES)
        kernel = torch.einsum("op,pihw->oihw", last[:, :, 0, 0], first)
        if self.in_channels != self.out_channels:
            return kernel, None
        identity = torch.eye(self.out_channels, device=kernel.device, dtype=kernel.dtype)
        half = self.kernel_size // 2
        return kernel + F.pad(identity[:, :, None, None], (half, half, half, half)), None


@MODELS.register_module()
class SESR(nn.Module):
    """Super-Efficient Super Resolution: collapsible linear blocks (MLSys 2022).

    RGB [0, 1] in and out, or luminance alone as published (one channel), (N, C, H, W) ->
    (N, C, rH, rW), any H and W. The first block sees ``x - 0.5``; the image itself is added before
    the pixel shuffle, and the output is clipped to [0, 1], as published.

    Published sizes: M3, M5, M7, M11 (``num_blocks``) with 16 channels, XL with 11 blocks of 32;
    M11 and XL have 64 ``expand_channels``. For x4 the shuffle is two of 2, whose order of channels
    differs from one of 4; x3 is not in the paper.

    The Keras layers of the original have biases, which its collapsing spreads over the kernel as
    constants; here the two convolutions have none, and neither has the collapsed one in either
    code. Its block of 16 channels that ends in 16 (x4, luminance) has the identity too.

    Tap points: ``body.{i}`` and the features before up-sampling as the *input* of ``tail``.

    Args:
        in_channels: Image channels of the input: 3, or 1 for luminance.
        out_channels: Image channels of the output, the same number.
        channels: Feature width.
        num_blocks: Number of 3x3 blocks.
        expand_channels: Width inside the blocks while training.
        scale: 2, 3 or 4.
        activation: ``prelu`` (a slope a channel, from 0 as in Keras), or ``relu``, which the
            original takes for quantisation and which the published counts leave at.
        deploy: Build every block as one convolution.

    Raises:
        ValueError: An argument has a value that is not offered, or the two numbers of image
            channels differ.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 16,
        num_blocks: int = 5,
        expand_channels: int = 256,
        scale: int = 2,
        activation: str = "prelu",
        deploy: bool = False,
    ) -> None:
        super().__init__()
        self.scale = check_scale("SESR", scale)
        check_choice("SESR", "activation", activation, ACTIVATIONS)
        check_positive("SESR", channels=channels, num_blocks=num_blocks)
        check_positive("SESR", expand_channels=expand_channels)
        check_image_residual("SESR", in_channels, out_channels)
        self.in_channels = in_channels

        def block(inputs: int, outputs: int, kernel_size: int) -> CollapsibleConv:
            return CollapsibleConv(inputs, outputs, kernel_size, expand_channels, deploy=deploy)

        def act() -> nn.Module:
            return nn.PReLU(channels, init=0.0) if activation == "prelu" else nn.ReLU()

        self.head = block(in_channels, channels, 5)
        self.body = nn.Sequential(
            *(nn.Sequential(block(channels, channels, 3), act()) for _ in range(num_blocks))
        )
        self.tail = block(channels, out_channels * scale**2, 5)
        steps = [2, 2] if scale == 4 else [scale]
        self.shuffle = nn.Sequential(*(nn.PixelShuffle(step) for step in steps))

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("SESR", x, self.in_channels)
        shallow = self.head(x - 0.5)
        deep = self.tail(self.body(shallow) + shallow)
        return self.shuffle(deep + repeat_channels(x, self.scale * self.scale)).clamp(0.0, 1.0)
