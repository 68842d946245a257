"""Tells from which domain a feature map comes, patch by patch."""

from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.registry import MODELS

__all__ = ["PatchDomainClassifier"]


@MODELS.register_module()
class PatchDomainClassifier(nn.Module):
    """Two strided 3x3 convolutions and a 1x1: one logit for every patch, for maps of any size.

    There is no batch normalisation: statistics over a batch of both domains would carry the answer
    from one sample to the next. The published text names no layers; these are this project's.

    Args:
        in_channels: Channels of the features.
        width: Channels after the first convolution; twice as many after the second.
        negative_slope: Of the leaky ReLUs.
    """

    def __init__(self, in_channels: int, width: int = 64, negative_slope: float = 0.2) -> None:
        super().__init__()
        if in_channels < 1 or width < 1:
            raise ValueError(
                f"PatchDomainClassifier: in_channels and width must be at least 1, got "
                f"{in_channels} and {width}"
            )
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, width, 3, stride=2, padding=1),
            nn.LeakyReLU(negative_slope),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.LeakyReLU(negative_slope),
            nn.Conv2d(2 * width, 1, 1),
        )

    def forward(self, features: Tensor) -> Tensor:
        """Map (N, C, H, W) to logits (N, 1, H/4, W/4), rounded up; positive means target."""
        return self.layers(features)
