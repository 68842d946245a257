from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .taps import pair_taps


@MODELS.register_module()
class WeightedFeatureL1Loss(nn.Module):
    """`FeatureL1Loss` with a factor for every pixel: the selective form of LSFD (2021).

    Where the map of weights is 1 everywhere, both are equal. See `OutputDifference` for the map.

    Args:
        tap_weights: One factor per tap; None for 1 each. The sum is still divided by the number of
            taps.
    """

    def __init__(self, tap_weights: Sequence[float] | None = None) -> None:
        super().__init__()
        self.tap_weights = tap_weights

    def forward(self, student: list[Tensor], teacher: list[Tensor], where: Tensor) -> Tensor:
        """Compare the maps of the student with those of the teacher, pair by pair.

        Args:
            student: Feature maps, each (N, C, H, W); a single tensor is one tap.
            teacher: As many, each of the shape of its partner.
            where: (N, 1, H, W), not negative, 1 on average.

        Returns:
            Scalar.

        Raises:
            ValueError: If the number of taps or a shape differs.
        """
        pairs = pair_taps(student, teacher, self.tap_weights, "WeightedFeatureL1Loss")
        terms = []
        for index, (s, t, weight) in enumerate(pairs):
            wanted = (len(s), 1, *s.shape[-2:])
            if where.shape != wanted:
                raise ValueError(
                    f"WeightedFeatureL1Loss, tap {index}: the map of weights is "
                    f"{tuple(where.shape)}, the features want {wanted}; give the indicator a "
                    "feature map of this size as `like`"
                )
            terms.append(weight * ((s - t).abs() * where).mean())
        return torch.stack(terms).mean()
