from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

SLOPE = 0.2


class PA(nn.Module):
    """Pixel attention: ``x * sigmoid(conv(x))`` with a 1x1 convolution.

    Args:
        channels: Channels of input and output.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Gate (N, C, H, W) features."""
        return x * torch.sigmoid(self.conv(x))


class PAConv(nn.Module):
    """A 3x3 convolution gated by pixel attention: ``k4(k3(x) * sigmoid(k2(x)))``.

    Args:
        channels: Channels of input and output.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.k2 = nn.Conv2d(channels, channels, 1)  # the only one with a bias
        self.k3 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.k4 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return self.k4(self.k3(x) * torch.sigmoid(self.k2(x)))


class SCPA(nn.Module):
    """Self-calibrated block with pixel attention: two half-width branches, joined, plus a skip.

    Args:
        channels: Channels of input and output, even.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.conv1_a = nn.Conv2d(channels, half, 1, bias=False)
        self.conv1_b = nn.Conv2d(channels, half, 1, bias=False)
        self.k1 = nn.Sequential(nn.Conv2d(half, half, 3, padding=1, bias=False))
        self.PAConv = PAConv(half)
        self.conv3 = nn.Conv2d(channels, channels, 1, bias=False)
        self.lrelu = nn.LeakyReLU(SLOPE)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        a = self.lrelu(self.k1(self.lrelu(self.conv1_a(x))))
        b = self.lrelu(self.PAConv(self.lrelu(self.conv1_b(x))))
        return self.conv3(torch.cat([a, b], dim=1)) + x


@MODELS.register_module()
class PAN(nn.Module):
    """Pixel Attention Network (ECCVW 2020).

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W; the published
    weights want the same range. 261,403 parameters at x2 and x3 (the same tensors: weights do not
    tell which scale they are for), 272,419 at x4. Up-sampling is nearest-neighbour with a
    convolution and pixel attention after it, twice for x4, and the bilinearly up-scaled input is
    added to the output.

    State keys are the official ones. Tap points for distillation are plain tensors:
    ``SCPA_trunk.{i}`` (outputs, from 0) and the features before up-sampling as the input of
    ``upsample1`` (``upconv1`` sees them enlarged).

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output, as many as of the input.
        channels: Feature width at the input's size, even.
        up_channels: Feature width once enlarged.
        num_blocks: Number of blocks; 16 is published, 1 is the student of TAKDSR (2023).
        scale: 2, 3 or 4.

    Raises:
        ValueError: ``scale``, a number of channels or the depth is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 40,
        up_channels: int = 24,
        num_blocks: int = 16,
        scale: int = 2,
    ) -> None:
        super().__init__()
        self.scale = check_scale("PAN", scale)
        check_positive("PAN", channels=channels, up_channels=up_channels, num_blocks=num_blocks)
        if channels % 2:
            raise ValueError(f"PAN splits its channels into halves: {channels} is odd")
        if in_channels != out_channels:
            raise ValueError(
                f"PAN adds the input to the output, but they have {in_channels} and "
                f"{out_channels} channels"
            )
        self.in_channels = in_channels
        step = float(2 if scale == 4 else scale)

        def conv(inputs: int, outputs: int) -> nn.Conv2d:
            return nn.Conv2d(inputs, outputs, 3, padding=1)

        self.conv_first = conv(in_channels, channels)
        self.SCPA_trunk = nn.Sequential(*(SCPA(channels) for _ in range(num_blocks)))
        self.trunk_conv = conv(channels, channels)
        self.upsample1 = nn.Upsample(scale_factor=step, mode="nearest")
        self.upconv1 = conv(channels, up_channels)
        self.att1 = PA(up_channels)
        self.HRconv1 = conv(up_channels, up_channels)
        twice = scale == 4
        self.upsample2 = nn.Upsample(scale_factor=step, mode="nearest") if twice else None
        self.upconv2 = conv(up_channels, up_channels) if twice else None
        self.att2 = PA(up_channels) if twice else None
        self.HRconv2 = conv(up_channels, up_channels) if twice else None
        self.conv_last = conv(up_channels, out_channels)
        self.lrelu = nn.LeakyReLU(SLOPE)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("PAN", x, self.in_channels)
        shallow = self.conv_first(x)
        features = shallow + self.trunk_conv(self.SCPA_trunk(shallow))
        out = self._enlarge(features)
        image = F.interpolate(x, scale_factor=float(self.scale), mode="bilinear")
        return self.conv_last(out) + image

    def _enlarge(self, features: Tensor) -> Tensor:
        out = self.lrelu(self.att1(self.upconv1(self.upsample1(features))))
        out = self.lrelu(self.HRconv1(out))
        if self.upsample2 is None:
            return out
        assert self.upconv2 is not None and self.att2 is not None and self.HRconv2 is not None
        out = self.lrelu(self.att2(self.upconv2(self.upsample2(out))))
        return self.lrelu(self.HRconv2(out))
