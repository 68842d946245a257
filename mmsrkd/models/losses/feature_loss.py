"""Spatial L1 between feature maps."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .taps import pair_taps


@MODELS.register_module()
class FeatureL1Loss(nn.Module):
    """Mean absolute difference of corresponding feature maps, averaged over the taps.

    Eq. 2, LGR-Net 2025 (its R(Pool(.)) is the business of an adapter). The norm is read as the mean
    over N, C, H, W, so that a weight means the same at every width and size.

    Args:
        tap_weights: One factor per tap; None for 1 each. The sum is still divided by the number of
            taps.
    """

    def __init__(self, tap_weights: Sequence[float] | None = None) -> None:
        super().__init__()
        self.tap_weights = None if tap_weights is None else tuple(float(w) for w in tap_weights)

    def forward(self, student: list[Tensor], teacher: list[Tensor]) -> Tensor:
        """Compare the maps of the student with those of the teacher, pair by pair.

        Args:
            student: Feature maps, each (N, C, H, W); a single tensor is one tap.
            teacher: As many, each of the shape of its partner.

        Returns:
            Scalar.

        Raises:
            ValueError: If the number of taps, of weights, or a pair of shapes differs.
        """
        pairs = pair_taps(student, teacher, self.tap_weights, "FeatureL1Loss")
        terms = [
            pair.weight * mean_absolute_difference(pair.student, pair.teacher) for pair in pairs
        ]
        return torch.stack(terms).mean()
