from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.networks.blocks import repeat_channels
from mmsrkd.models.networks.checks import (
    check_image,
    check_image_residual,
    check_positive,
    check_scale,
)
from mmsrkd.registry import MODELS


@MODELS.register_module()
class ABPN(nn.Module):
    """Anchor-based plain net, made for INT8 on a phone (MAI 2021 challenge; CVPRW 2021).

    RGB [0, 1] in and out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. The input, repeated (the
    anchor, nearest-neighbour up-scaling after the shuffle), is added before the pixel shuffle; the
    output is clipped, both as published, there on 0..255. Nothing but 3x3 convolutions and ReLU:
    the ReLU before the last convolution keeps the residual's range apart from the anchor's.

    Published for x3 (42,539 parameters); the authors' weights are TensorFlow's, whose order of
    channels before the shuffle is (dy, dx, colour) instead of PyTorch's (colour, dy, dx).

    Tap points: ``body.{i}`` and the features before the up-sampler as the *input* of ``tail``.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output, the same number.
        channels: Feature width.
        num_blocks: Number of convolutions between the first and the last two.
        scale: 2, 3 or 4.

    Raises:
        ValueError: An argument has a value that is not possible, or the two numbers of image
            channels differ.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 28,
        num_blocks: int = 4,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.scale = check_scale("ABPN", scale)
        check_positive("ABPN", channels=channels, num_blocks=num_blocks)
        check_image_residual("ABPN", in_channels, out_channels)
        self.in_channels = in_channels
        outputs = out_channels * scale**2

        def conv_relu(inputs: int, width: int) -> nn.Sequential:
            return nn.Sequential(nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU())

        self.head = conv_relu(in_channels, channels)
        self.body = nn.Sequential(*(conv_relu(channels, channels) for _ in range(num_blocks)))
        self.tail = nn.Sequential(
            conv_relu(channels, outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        )
        self.shuffle = nn.PixelShuffle(scale)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.xavier_normal_(module.weight)
                nn.init.zeros_(module.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("ABPN", x, self.in_channels)
        residual = self.tail(self.body(self.head(x)))
        return self.shuffle(residual + repeat_channels(x, self.scale * self.scale)).clamp(0.0, 1.0)
