from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.blocks import init_fan_out, init_normal
from mmsrkd.models.networks.checks import check_choice, check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

PRELUS = ("channel", "single")


@MODELS.register_module()
class FSRCNN(nn.Module):
    """Fast super-resolution convolutional network (Dong et al., ECCV 2016).

    5x5 features, 1x1 shrinking, 3x3 mapping, 1x1 expanding, one 9x9 transposed convolution, PReLU
    after all but the last. [0, 1] in and out, (N, C, H, W) -> (N, C, rH, rW), any H and W.

    The original works on luminance: ``in_channels=1, out_channels=1`` (12,809 parameters; RGB has
    24,683), inside `LumaOnly` for colour images. The paper counts weights alone, 12,464.

    The kernels are of one shape for every scale, so weights do not tell which scale they are for:
    those of x3 load into x2 and give a wrong image.

    State keys are those of yjn870/FSRCNN-pytorch. For distillation, the output of ``mid_part`` is
    what PISR calls ``expanding``. Initialisation as there: N(0, 2 / (C_out k k)), the transposed
    convolution N(0, 0.001^2), no bias.

    Args:
        in_channels: Image channels of the input; 1 takes Y.
        out_channels: Image channels of the output.
        channels: Width at both ends, d in the paper.
        shrink_channels: Width of the mapping, s.
        num_blocks: Number of 3x3 mapping layers, m.
        scale: 2, 3 or 4.
        prelu: One slope a ``channel``, or a ``single`` one for each layer, as PISR has it.

    Raises:
        ValueError: An argument has a value that is not offered.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 56,
        shrink_channels: int = 12,
        num_blocks: int = 4,
        scale: int = 2,
        prelu: str = "channel",
    ) -> None:
        super().__init__()
        self.scale = check_scale("FSRCNN", scale)
        check_choice("FSRCNN", "prelu", prelu, PRELUS)
        check_positive(
            "FSRCNN", channels=channels, shrink_channels=shrink_channels, num_blocks=num_blocks
        )
        self.in_channels = in_channels

        def conv_act(inputs: int, outputs: int, kernel_size: int) -> list[nn.Module]:
            slopes = outputs if prelu == "channel" else 1
            conv = nn.Conv2d(inputs, outputs, kernel_size, padding=kernel_size // 2)
            init_fan_out(conv)
            return [conv, nn.PReLU(slopes)]

        self.first_part = nn.Sequential(*conv_act(in_channels, channels, 5))
        middle = conv_act(channels, shrink_channels, 1)
        for _ in range(num_blocks):
            middle += conv_act(shrink_channels, shrink_channels, 3)
        self.mid_part = nn.Sequential(*middle, *conv_act(shrink_channels, channels, 1))
        self.last_part = nn.ConvTranspose2d(
            channels, out_channels, 9, stride=scale, padding=4, output_padding=scale - 1
        )
        init_normal(self.last_part, 0.001)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale [0, 1] images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("FSRCNN", x, self.in_channels)
        return self.last_part(self.mid_part(self.first_part(x)))
