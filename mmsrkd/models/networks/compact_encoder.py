from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.blocks.colour import TO_RGB, TO_YCBCR, mix_channels
from mmsrkd.models.networks.checks import check_choice, check_image, check_positive, check_scale

SKIPS = ("bicubic", "mean", "none")


class CompactEncoder(nn.Module):
    """From an HR image to features of the LR image's shape: PISR's encoder with a skip.

    A 5x5 convolution, a 5x5 convolution of stride r, two 3x3 convolutions that narrow to the
    image's channels, PReLUs between (the encoder of PISR, ECCV 2020, there for Y). TAKDSR (2023)
    adds "skip connections" without saying which; here the down-sampled image is added to the
    output, so that the features are near the LR image, and inside its range, from the first step.

    89,102 parameters for RGB, 86,084 for Y.

    Args:
        in_channels: Image channels of the input.
        out_channels: Channels of the features, as many where there is a skip or ``luma``.
        channels: Width at both sizes.
        mid_channels: Width before the last convolution.
        skip: ``bicubic`` (anti-aliased), ``mean`` (over r x r pixels) or ``none`` (PISR).
        scale: 2, 3 or 4.
        luma: Send the Y of RGB alone through the layers (PISR). Features are RGB again: their Y
            is what the layers made, their colours are those of the down-sampled image. For a
            decoder inside `LumaOnly`.

    Raises:
        ValueError: ``scale``, ``skip`` or a number of channels is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 56,
        mid_channels: int = 12,
        skip: str = "bicubic",
        scale: int = 2,
        luma: bool = False,
    ) -> None:
        super().__init__()
        self.scale = check_scale("CompactEncoder", scale)
        self.skip = check_choice("CompactEncoder", "skip", skip, SKIPS)
        check_positive("CompactEncoder", channels=channels, mid_channels=mid_channels)
        if skip != "none" and in_channels != out_channels:
            raise ValueError(
                f"CompactEncoder adds the small image to its output, but they have {in_channels} "
                f"and {out_channels} channels: use skip='none'"
            )
        if luma and (in_channels, out_channels) != (3, 3):
            raise ValueError(
                f"CompactEncoder(luma=True) takes RGB and gives RGB, not {in_channels} and "
                f"{out_channels} channels: leave in_channels and out_channels at 3"
            )
        self.in_channels = in_channels
        self.luma = luma
        first, last = (1, 1) if luma else (in_channels, out_channels)
        self.body = nn.Sequential(
            nn.Conv2d(first, channels, 5, padding=2),
            nn.PReLU(),
            nn.Conv2d(channels, channels, 5, stride=scale, padding=2),
            nn.PReLU(),
            nn.Conv2d(channels, mid_channels, 3, padding=1),
            nn.PReLU(),
            nn.Conv2d(mid_channels, last, 3, padding=1),
        )

    def forward(self, hr: Tensor) -> Tensor:
        """Map HR images (N, 3, rH, rW) in [0, 1] to features (N, 3, H, W).

        Raises:
            ValueError: A side of the image is no multiple of the scale.
        """
        check_image("CompactEncoder", hr, self.in_channels)
        height, width = hr.shape[2:]
        if height % self.scale or width % self.scale:
            raise ValueError(
                f"CompactEncoder takes HR images whose sides are multiples of {self.scale} and got "
                f"{height}x{width}: crop them (ModCrop)"
            )
        if not self.luma:
            return self._encode(hr)
        ycbcr = mix_channels(hr, TO_YCBCR)
        small = torch.cat([self._encode(ycbcr[:, :1]), self._shrink(ycbcr[:, 1:])], dim=1)
        return mix_channels(small, TO_RGB)

    def _encode(self, hr: Tensor) -> Tensor:
        features = self.body(hr)
        return features if self.skip == "none" else features + self._shrink(hr)

    def _shrink(self, hr: Tensor) -> Tensor:
        if self.skip == "mean":
            return F.avg_pool2d(hr, self.scale)
        size = [hr.shape[2] // self.scale, hr.shape[3] // self.scale]
        # but for the border, MATLAB's imresize: the unrounded LR image
        return F.interpolate(hr, size=size, mode="bicubic", antialias=True)
