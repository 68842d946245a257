"""Distance of two images in a space of features (perceptual loss)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .shapes import check_same_shape


@MODELS.register_module()
class ImageFeatureLoss(nn.Module):
    """Weighted sum of the mean absolute differences of feature maps (perceptual loss, ECCV 2016).

    For distillation, of teacher and student; for training, of truth and student. mmagic's
    `PerceptualLoss` returns two losses, wants [-1, 1] and downloads its weights: no objective.

    Args:
        features: What gives the maps: ``dict(type="VGG19Features", weights=...)``, or
            ``dict(type="GradientPyramid")``, which needs no weights.
        map_weights: One for each map; None for 1 each.
    """

    def __init__(
        self, features: Mapping[str, Any], map_weights: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        self.features: nn.Module = MODELS.build(dict(features))
        self.map_weights = map_weights

    def forward(self, student: Tensor, target: Tensor) -> Tensor:
        """Compare two images.

        Args:
            student: (N, 3, H, W), RGB in [0, 1].
            target: The same shape; takes no gradient.

        Returns:
            Scalar.

        Raises:
            ValueError: If shapes differ, or there are more or fewer maps than weights.
        """
        check_same_shape(student, target, "ImageFeatureLoss")
        ours = self.features(student)
        with torch.no_grad():
            theirs = self.features(target)
        weights = [1.0] * len(ours) if self.map_weights is None else self.map_weights
        if len(weights) != len(ours):
            raise ValueError(
                f"ImageFeatureLoss: {len(ours)} feature maps but {len(weights)} map_weights; give "
                "one for each map"
            )
        terms = [
            weight * mean_absolute_difference(a, b)
            for weight, a, b in zip(weights, ours, theirs, strict=True)
        ]
        return torch.stack(terms).sum()
