from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from mmsrkd.models.networks.bicubic import Bicubic
from mmsrkd.models.networks.blocks import init_fan_out
from mmsrkd.models.networks.checks import (
    check_image,
    check_image_residual,
    check_positive,
    check_scale,
)
from mmsrkd.registry import MODELS


@MODELS.register_module()
class VDSR(nn.Module):
    """Very deep super-resolution network (Kim et al., CVPR 2016).

    Twenty 3x3 convolutions with ReLU between them correct the bicubically enlarged image:
    ``out = b + features(b)``. [0, 1] in and out, (N, C, H, W) -> (N, C, rH, rW), any H and W. The
    enlarging, MATLAB's, happens inside, so the network takes the LR image as all others do; it
    still computes at the size of the output, which makes it dear (613 GMACs for 1280x720).

    The original works on luminance: ``in_channels=1, out_channels=1`` (665,921 parameters), inside
    `LumaOnly` for colour images. Nothing in the weights depends on the scale, and the paper trains
    one network for all three. Its training needs clipped gradients.

    State keys are those of twtygqyy/pytorch-vdsr (``features.0``, ``features.2``, ...), which has
    no biases (``bias=False``; 664,704 parameters). Kernels start from N(0, 2 / (C_out k k)), biases
    from zero.

    Args:
        in_channels: Image channels of the input; 1 takes Y.
        out_channels: Image channels of the output; those of the input, which is added.
        channels: Feature width.
        num_layers: Number of convolutions, at least 2.
        scale: 2, 3 or 4.
        bias: Whether the convolutions have biases, as the paper says.

    Raises:
        ValueError: An argument has a value that is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        num_layers: int = 20,
        scale: int = 2,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.scale = check_scale("VDSR", scale)
        check_positive("VDSR", channels=channels)
        if num_layers < 2:
            raise ValueError(f"VDSR needs num_layers >= 2, got {num_layers}")
        check_image_residual("VDSR", in_channels, out_channels)
        self.in_channels = in_channels
        self.upsampler = Bicubic(scale)
        widths = [in_channels, *[channels] * (num_layers - 1), out_channels]
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(widths):
            conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias)
            init_fan_out(conv)
            layers += [conv, nn.ReLU()]
        self.features = nn.Sequential(*layers[:-1])

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale [0, 1] images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("VDSR", x, self.in_channels)
        enlarged = self.upsampler(x)
        return enlarged + self.features(enlarged)
