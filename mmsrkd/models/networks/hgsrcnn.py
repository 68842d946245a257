from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import stepwise_upsampler
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS


def conv_relu(inputs: int, outputs: int) -> nn.Sequential:
    """3x3 convolution without bias and ReLU; state key ``0.weight``."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.ReLU())


def plain_conv(inputs: int, outputs: int) -> nn.Sequential:
    """3x3 convolution without bias; state key ``0.weight``."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False))


class HeterogeneousGroupBlock(nn.Module):
    """Two halves through the same three convolutions, beside the whole through three others.

    The halves share their weights, so this is no grouped convolution. State keys are the official
    ones.

    Args:
        channels: Channels of input and output, even.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.conv1_1 = conv_relu(half, half)
        self.conv2_1 = conv_relu(half, half)
        self.conv3_1 = plain_conv(half, half)
        self.conv1_1_1 = conv_relu(channels, channels)
        self.conv2_1_1 = conv_relu(channels, channels)
        self.conv3_1_1 = conv_relu(channels, channels)
        self.conv4_1 = conv_relu(channels, channels)
        self.conv5_1 = conv_relu(channels, channels)
        self.conv6_1 = conv_relu(channels, channels)
        self.conv7_1 = conv_relu(channels, channels)
        self.conv8_1 = conv_relu(channels, channels)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        left, right = x.chunk(2, dim=1)
        left = self.conv3_1(self.conv2_1(self.conv1_1(left)))
        right = self.conv3_1(self.conv2_1(self.conv1_1(right)))
        halves = self.relu(torch.cat([left, right], dim=1))
        whole = self.conv3_1_1(self.conv2_1_1(self.conv1_1_1(x)))
        early = self.conv4_1(halves + whole)
        late = self.conv8_1(self.conv7_1(self.conv6_1(self.conv5_1(early))))
        return late + x + early


@MODELS.register_module()
class HGSRCNN(nn.Module):
    """Heterogeneous group super-resolution network (Tian et al., 2022).

    RGB [0, 1] in and out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. Six heterogeneous group
    blocks with two long skips, an up-sampler with ReLU before each shuffle. The mean of DIV2K is
    taken off at the start and added at the end.

    The published code has 2,123,392 parameters at x2; the paper says 2,178 K, which is one 3x3
    convolution of 32 channels more in every block, not shared between the halves.

    State keys are the official ones, except that the single up-sampler is ``upsample.{0,3}`` (there
    ``upsample.up.body.{0,3}``) and the mean is no pair of convolutions. A network for several
    scales at once is three networks here, one for each.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width, even.
        scale: 2, 3 or 4.
        mean: Per-channel value taken off the input and added to the output, in [0, 1]; ``None``
            for 0.

    Raises:
        ValueError: ``scale``, ``channels`` or the length of ``mean`` is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        scale: int = 2,
        mean: Sequence[float] | None = (0.4488, 0.4371, 0.4040),
    ) -> None:
        super().__init__()
        self.scale = check_scale("HGSRCNN", scale)
        check_positive("HGSRCNN", channels=channels)
        if channels % 2:
            raise ValueError(f"HGSRCNN splits its features in halves: channels={channels} is odd")
        values = [0.0] if mean is None else list(mean)
        if mean is not None and not len(values) == in_channels == out_channels:
            raise ValueError(
                f"HGSRCNN: mean has {len(values)} values for {in_channels} input and "
                f"{out_channels} output channels"
            )
        self.in_channels = in_channels
        self.mean: Tensor
        self.register_buffer("mean", torch.tensor(values).view(1, -1, 1, 1), persistent=False)
        self.conv1_1 = conv_relu(in_channels, channels)
        self.b1 = HeterogeneousGroupBlock(channels)
        self.b2 = HeterogeneousGroupBlock(channels)
        self.b3 = HeterogeneousGroupBlock(channels)
        self.b4 = HeterogeneousGroupBlock(channels)
        self.b5 = HeterogeneousGroupBlock(channels)
        self.b6 = HeterogeneousGroupBlock(channels)
        self.conv2 = conv_relu(channels, channels)
        self.upsample = stepwise_upsampler(channels, scale, relu=True)
        self.conv3 = plain_conv(channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("HGSRCNN", x, self.in_channels)
        shallow = self.conv1_1(x - self.mean)
        first = self.b1(shallow)
        deep = self.b5(self.b4(self.b3(self.b2(first)))) + first
        features = self.conv2(self.b6(deep) + shallow)
        return self.conv3(self.upsample(features)) + self.mean
