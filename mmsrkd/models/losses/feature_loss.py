"""Spatial L1 between feature maps."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .shapes import check_same_shape


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
        ours, theirs = _as_list(student), _as_list(teacher)
        if len(ours) != len(theirs):
            raise ValueError(
                f"FeatureL1Loss: {len(ours)} student taps but {len(theirs)} teacher taps; name as "
                "many of each"
            )
        weights = self.tap_weights or (1.0,) * len(ours)
        if len(weights) != len(ours):
            raise ValueError(
                f"FeatureL1Loss: tap_weights has {len(weights)} values for {len(ours)} taps; give "
                "one per tap"
            )
        terms = []
        for index, (s, t, weight) in enumerate(zip(ours, theirs, weights, strict=True)):
            check_same_shape(s, t, f"FeatureL1Loss, tap {index}")
            terms.append(weight * mean_absolute_difference(s, t))
        return torch.stack(terms).mean()


def _as_list(value: Tensor | list[Tensor]) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else list(value)
