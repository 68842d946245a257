from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import pad_to_multiple
from mmsrkd.models.networks.checks import check_image, check_image_residual, check_positive
from mmsrkd.registry import MODELS

Scales = tuple[Tensor, Tensor, Tensor]


class BasicConv(nn.Module):
    """Convolution and, on request, ReLU; ``stride`` 2 halves the size, ``up`` doubles it."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel_size: int,
        *,
        stride: int = 1,
        relu: bool = True,
        up: bool = False,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1)
            if up
            else nn.Conv2d(inputs, outputs, kernel_size, stride=stride, padding=kernel_size // 2)
        ]
        if relu:
            layers.append(nn.ReLU())
        self.main = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H', W')."""
        return self.main(x)


class ResBlock(nn.Module):
    """``x + conv(ReLU(conv(x)))``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.main = nn.Sequential(
            BasicConv(channels, channels, 3), BasicConv(channels, channels, 3, relu=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return x + self.main(x)


class Stage(nn.Module):
    """Residual blocks of one resolution; encoder and decoder have the same."""

    def __init__(self, channels: int, num_blocks: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(ResBlock(channels) for _ in range(num_blocks)))

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        return self.layers(x)


class AFF(nn.Module):
    """Asymmetric feature fusion: features of all three resolutions, brought to one size."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            BasicConv(inputs, outputs, 1), BasicConv(outputs, outputs, 3, relu=False)
        )

    def forward(self, full: Tensor, half: Tensor, quarter: Tensor) -> Tensor:
        """Fuse three (N, C_i, H, W) to (N, C_out, H, W)."""
        return self.conv(torch.cat([full, half, quarter], dim=1))


class SCM(nn.Module):
    """Shallow convolutional module: features of a reduced image, the image among them."""

    def __init__(self, image_channels: int, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.main = nn.Sequential(
            BasicConv(image_channels, channels // 4, 3),
            BasicConv(channels // 4, half, 1),
            BasicConv(half, half, 3),
            BasicConv(half, channels - image_channels, 1),
        )
        self.conv = BasicConv(channels, channels, 1, relu=False)

    def forward(self, image: Tensor) -> Tensor:
        """Map an image (N, 3, H, W) to features (N, C, H, W)."""
        return self.conv(torch.cat([image, self.main(image)], dim=1))


class FAM(nn.Module):
    """Feature attention module: ``a + conv(a * b)``."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.merge = BasicConv(channels, channels, 3, relu=False)

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        """Map two (N, C, H, W) to (N, C, H, W)."""
        return a + self.merge(a * b)


def halve(x: Tensor) -> Tensor:
    """Nearest neighbour at half the size, as ``F.interpolate`` takes it: every second pixel."""
    return x[:, :, ::2, ::2]


def double(x: Tensor) -> Tensor:
    """Nearest neighbour at twice the size."""
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


@MODELS.register_module()
class MIMOUNet(nn.Module):
    """Multi-input multi-output U-Net for deblurring, and MIMO-UNet+ (ICCV 2021).

    RGB [0, 1] in and out at the same size, (N, 3, H, W), H and W of at least 3: sides that are no
    multiples of 4 are reflected to the next and the output is cropped. In evaluation the
    full-size image is returned alone, while training all three scales (quarter, half, full), each
    of them a restored image; the reduced ones have ceil(H / 4) and ceil(H / 2) rows.

    State keys are the official ones. The published MIMO-UNet+ has 20 blocks a stage and ``plus``.

    Tap points: ``Encoder.{k}``, ``Decoder.{k}`` and ``AFFs.{k}``, at full, half and quarter size
    for k = 0, 1, 2, the decoder the other way round.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output, the same number.
        channels: Feature width at full size, even; doubled at half and quarter size.
        num_blocks: Residual blocks of each stage.
        plus: Drop whole channels of the fused features at random while training (a tenth).

    Raises:
        ValueError: An argument has a value that is not possible, or the two numbers of image
            channels differ.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 32,
        num_blocks: int = 8,
        plus: bool = False,
    ) -> None:
        super().__init__()
        check_positive("MIMOUNet", channels=channels, num_blocks=num_blocks)
        check_image_residual("MIMOUNet", in_channels, out_channels)
        if channels % 2 or 2 * channels <= in_channels:
            raise ValueError(
                f"MIMOUNet needs channels to be even and more than half of the {in_channels} image "
                f"channels, got {channels}"
            )
        self.scale = 1
        self.in_channels = in_channels
        self.min_side = 3  # a side of 2 would have to reflect 2 more pixels, and has but 1
        self.size_divisor = 4
        b, n = channels, num_blocks
        self.Encoder = nn.ModuleList(Stage(width, n) for width in (b, 2 * b, 4 * b))
        self.feat_extract = nn.ModuleList(
            [
                BasicConv(in_channels, b, 3),
                BasicConv(b, 2 * b, 3, stride=2),
                BasicConv(2 * b, 4 * b, 3, stride=2),
                BasicConv(4 * b, 2 * b, 4, up=True),
                BasicConv(2 * b, b, 4, up=True),
                BasicConv(b, out_channels, 3, relu=False),
            ]
        )
        self.Decoder = nn.ModuleList(Stage(width, n) for width in (4 * b, 2 * b, b))
        self.Convs = nn.ModuleList([BasicConv(4 * b, 2 * b, 1), BasicConv(2 * b, b, 1)])
        self.ConvsOut = nn.ModuleList(
            BasicConv(width, out_channels, 3, relu=False) for width in (4 * b, 2 * b)
        )
        self.AFFs = nn.ModuleList(AFF(7 * b, width) for width in (b, 2 * b))
        self.FAM1, self.SCM1 = FAM(4 * b), SCM(in_channels, 4 * b)
        self.FAM2, self.SCM2 = FAM(2 * b), SCM(in_channels, 2 * b)
        self.drop = nn.Dropout2d(0.1) if plus else nn.Identity()

    def forward(self, x: Tensor) -> Tensor | Scales:
        """Restore RGB [0, 1] images (N, 3, H, W); (quarter, half, full) while training."""
        check_image("MIMOUNet", x, self.in_channels, self.min_side)
        height, width = x.shape[2], x.shape[3]
        quarter, half, full = self.restore(pad_to_multiple(x, 4))
        full = full[:, :, :height, :width]
        if not torch.jit.is_scripting() and self.training:
            half = half[:, :, : (height + 1) // 2, : (width + 1) // 2]
            return quarter, half, full
        return full

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return the features a decoder, or a super-resolution head, goes on with.

        Args:
            x: Images (N, 3, H, W), H and W multiples of 4 (see ``pad_to_multiple``).

        Returns:
            The encoder's features at full, half and quarter size, with 1, 2 and 4 times
            ``channels``, and what the fusion makes of them at full and half size.
        """
        full, half, quarter = self.pyramid(x)
        fused_half = self.fuse_half(full, half, quarter)
        return full, half, quarter, self.fuse_full(full, half, quarter), fused_half

    def pyramid(self, x: Tensor) -> Scales:
        """Return the encoder's features at full, half and quarter size; ``x`` as for `encode`."""
        image_half = halve(x)
        full = self.Encoder[0](self.feat_extract[0](x))
        half = self.FAM2(self.feat_extract[1](full), self.SCM2(image_half))
        half = self.Encoder[1](half)
        quarter = self.FAM1(self.feat_extract[2](half), self.SCM1(halve(image_half)))
        return full, half, self.Encoder[2](quarter)

    def fuse_full(self, full: Tensor, half: Tensor, quarter: Tensor) -> Tensor:
        """Fuse the pyramid to (N, channels, H, W)."""
        return self.drop(self.AFFs[0](full, double(half), double(double(quarter))))

    def fuse_half(self, full: Tensor, half: Tensor, quarter: Tensor) -> Tensor:
        """Fuse the pyramid to (N, 2 channels, H / 2, W / 2)."""
        return self.drop(self.AFFs[1](halve(full), half, double(quarter)))

    def restore(self, x: Tensor) -> Scales:
        """Return the images at quarter, half and full size for sides that are multiples of 4."""
        _, _, features, fused_full, fused_half = self.encode(x)
        return self.decode(x, features, fused_full, fused_half)

    def decode(self, x: Tensor, features: Tensor, fused_full: Tensor, fused_half: Tensor) -> Scales:
        """Go from what `encode` gives to the images at quarter, half and full size.

        Args:
            x: The images that were encoded.
            features: The encoder's at quarter size.
            fused_full: Of the fusion, at full size.
            fused_half: Of the fusion, at half size.
        """
        features = self.Decoder[0](features)
        quarter = self.ConvsOut[0](features) + halve(halve(x))
        features = torch.cat([self.feat_extract[3](features), fused_half], dim=1)
        features = self.Decoder[1](self.Convs[0](features))
        half = self.ConvsOut[1](features) + halve(x)
        features = torch.cat([self.feat_extract[4](features), fused_full], dim=1)
        features = self.Decoder[2](self.Convs[1](features))
        return quarter, half, self.feat_extract[5](features) + x
