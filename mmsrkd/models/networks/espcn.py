from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.blocks import init_fan_out, init_normal, pixel_shuffle_head
from mmsrkd.models.networks.checks import check_choice, check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

ACTIVATIONS = ("tanh", "relu")


@MODELS.register_module()
class ESPCN(nn.Module):
    """Efficient sub-pixel convolutional network (Shi et al., CVPR 2016), the 5-3-3 form.

    Two convolutions with tanh and a third before the pixel shuffle that this paper introduced.
    [0, 1] in and out, (N, C, H, W) -> (N, C, rH, rW), any H and W.

    The original works on luminance: ``in_channels=1, out_channels=1`` (21,284 parameters at x2;
    RGB has 26,796), inside `LumaOnly` for colour images. Some re-implementations end in a sigmoid;
    this one, like the paper, does not.

    State keys are those of yjn870/ESPCN-pytorch. Initialisation as there: N(0, 2 / (C_out k k)),
    the last convolution N(0, 0.001^2), no bias.

    Args:
        in_channels: Image channels of the input; 1 takes Y.
        out_channels: Image channels of the output.
        channels: Width of the first convolution.
        mid_channels: Width of the second one.
        scale: 2, 3 or 4.
        activation: ``tanh`` as published, or ``relu``, which quantises better.

    Raises:
        ValueError: An argument has a value that is not offered.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        mid_channels: int = 32,
        scale: int = 2,
        activation: str = "tanh",
    ) -> None:
        super().__init__()
        self.scale = check_scale("ESPCN", scale)
        check_choice("ESPCN", "activation", activation, ACTIVATIONS)
        check_positive("ESPCN", channels=channels, mid_channels=mid_channels)
        self.in_channels = in_channels
        act = nn.Tanh if activation == "tanh" else nn.ReLU
        first = nn.Conv2d(in_channels, channels, 5, padding=2)
        second = nn.Conv2d(channels, mid_channels, 3, padding=1)
        self.first_part = nn.Sequential(first, act(), second, act())
        self.last_part = pixel_shuffle_head(mid_channels, out_channels, scale)
        init_fan_out(first)
        init_fan_out(second)
        last = self.last_part[0]
        assert isinstance(last, nn.Conv2d)
        init_normal(last, 0.001)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale [0, 1] images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("ESPCN", x, self.in_channels)
        return self.last_part(self.first_part(x))
