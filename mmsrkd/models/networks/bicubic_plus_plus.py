from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS


@MODELS.register_module()
class BicubicPlusPlus(nn.Module):
    """Bicubic++ (Bilecen and Ayazoglu, NTIRE 2023 real-time track 2 winner at x3).

    RGB [0, 1] in and out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. A convolution of stride 2
    halves the image, so that everything else costs a quarter; a shuffle by 2r brings it back. Not a
    convolution has a bias. On odd sides the result is longer by r rows or columns, which are cut.

    The published weights take and give BGR and were trained on LR images compressed as JPEG of
    quality 90, so they are weak on clean bicubic ones; the converter turns the colours round. Of
    the paper's training in three stages (train, prune whole layers, remove biases) only the result
    is public.

    State keys are the official ones. The tap before up-sampling is the input of ``conv_out``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width.
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale`` or ``channels`` is not possible.
    """

    def __init__(
        self, in_channels: int = 3, out_channels: int = 3, channels: int = 32, scale: int = 2
    ) -> None:
        super().__init__()
        self.scale = check_scale("BicubicPlusPlus", scale)
        check_positive("BicubicPlusPlus", channels=channels)
        self.in_channels = in_channels
        self.conv0 = nn.Conv2d(in_channels, channels, 3, stride=2, padding=1, bias=False)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.act = nn.LeakyReLU(0.1)
        self.conv_out = nn.Conv2d(channels, out_channels * (2 * scale) ** 2, 3, 1, 1, bias=False)
        self.shuffle = nn.PixelShuffle(2 * scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("BicubicPlusPlus", x, self.in_channels)
        shallow = self.act(self.conv0(x))
        deep = self.act(self.conv2(self.act(self.conv1(shallow)))) + shallow
        out = self.shuffle(self.conv_out(deep))
        return out[:, :, : x.shape[2] * self.scale, : x.shape[3] * self.scale]
