from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.blocks import ESA, pixel_shuffle_head
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

SLOPE = 0.05


class RLFB(nn.Module):
    """Residual local feature block: 3x3 convolutions, a skip, a 1x1 convolution, ESA.

    ``out = ESA(c5(h + x))`` with ``h = L(c3_r(L(c2_r(L(c1_r(x))))))``. L is LeakyReLU, also after
    the last 3x3 convolution, before the skip is added; the skip spans the convolutions alone.

    Args:
        channels: Channels of input and output.
        mid_channels: Channels between the 3x3 convolutions.
        num_convs: Number of 3x3 convolutions, 1 to 3.
        esa_channels: Channels inside the attention.
        bias: Whether convolutions outside the attention have one.
    """

    def __init__(
        self, channels: int, mid_channels: int, num_convs: int, esa_channels: int, bias: bool
    ) -> None:
        super().__init__()

        def conv(number: int) -> nn.Conv2d:
            inputs = channels if number == 1 else mid_channels
            outputs = channels if number == num_convs else mid_channels
            return nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias)

        self.c1_r = conv(1)
        self.c2_r = conv(2) if num_convs >= 2 else None
        self.c3_r = conv(3) if num_convs == 3 else None
        self.act = nn.LeakyReLU(SLOPE)
        self.c5 = nn.Conv2d(channels, channels, 1, bias=bias)
        self.esa = ESA(channels, esa_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W); H and W of at least ``ESA.MIN_SIDE``."""
        out = self.act(self.c1_r(x))
        if self.c2_r is not None:
            out = self.act(self.c2_r(out))
        if self.c3_r is not None:
            out = self.act(self.c3_r(out))
        return self.esa(self.c5(out + x))


@MODELS.register_module()
class RLFN(nn.Module):
    """Residual Local Feature Network (CVPRW 2022), winner of NTIRE 2022 in runtime.

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), H and W of at least 15. The
    published weights want 0..255 in and give 0..255 out: the converter folds that into the first
    and last convolution, nothing is scaled here.

    State keys are the official ones. Tap points for distillation are plain tensors: ``block_1`` ...
    ``block_6`` (outputs) and the features before up-sampling as the input of ``upsampler``.

    ========================================= ============================= ===============
    name                                      arguments                     parameters (x2)
    ========================================= ============================= ===============
    RLFN                                      none                          526,856
    RLFN-S                                    channels 48                   454,620
    RLFN of the challenge (published for x4)  channels 46, 48 inside, 4     302,278
                                              blocks
    student of TAKDSR (2023)                  channels 48, 1 block, 1       56,972
                                              convolution
    ========================================= ============================= ===============

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width.
        mid_channels: Width between the convolutions of a block; ``channels`` when not given.
        num_blocks: Number of blocks.
        num_convs: 3x3 convolutions in a block, 1 to 3; 3 is published.
        esa_channels: Width inside the attention.
        bias: Whether convolutions outside the attention have one.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, ``num_convs`` or a width or depth is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 52,
        mid_channels: int | None = None,
        num_blocks: int = 6,
        num_convs: int = 3,
        esa_channels: int = 16,
        bias: bool = True,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.name = type(self).__name__  # DIPNet is built on this one
        self.scale = check_scale(self.name, scale)
        middle = channels if mid_channels is None else mid_channels
        check_positive(
            self.name,
            channels=channels,
            mid_channels=middle,
            num_blocks=num_blocks,
            esa_channels=esa_channels,
        )
        if num_convs not in (1, 2, 3):
            raise ValueError(f"{self.name}: num_convs={num_convs!r} is not offered; use 1, 2 or 3")
        self.in_channels = in_channels
        self.min_side = ESA.MIN_SIDE
        self.conv_1 = nn.Conv2d(in_channels, channels, 3, padding=1, bias=bias)
        for index in range(1, num_blocks + 1):
            block = RLFB(channels, middle, num_convs, esa_channels, bias)
            self.add_module(f"block_{index}", block)
        self.conv_2 = nn.Conv2d(channels, channels, 3, padding=1, bias=bias)
        self.upsampler = pixel_shuffle_head(channels, out_channels, scale, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image(self.name, x, self.in_channels, self.min_side)
        shallow = self.conv_1(x)
        features = shallow
        for block in self.children():  # in the order of registration; TorchScript unrolls it
            if hasattr(block, "esa"):
                features = block(features)
        return self.upsampler(self.conv_2(features) + shallow)
