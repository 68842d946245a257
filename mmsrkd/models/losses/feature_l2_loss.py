from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .taps import pair_taps


@MODELS.register_module()
class FeatureL2Loss(nn.Module):
    """Half the mean squared difference of feature maps, averaged over the taps (FitNets, 2015).

    Eq. 3 there has the squared norm of one hint. Here it is the mean over N, C, H, W, so that a
    weight means the same at every width and size; the regressor is an adapter on the student's
    side, e.g. `Conv1x1`; and hints act together with the other objectives, without a first stage.

    Args:
        tap_weights: One factor per tap; None for 1 each. The sum is still divided by the number of
            taps.
    """

    def __init__(self, tap_weights: Sequence[float] | None = None) -> None:
        super().__init__()
        self.tap_weights = tap_weights

    def forward(self, student: list[Tensor], teacher: list[Tensor]) -> Tensor:
        """Compare the maps of the student with those of the teacher, pair by pair.

        Args:
            student: Feature maps, each (N, C, H, W); a single tensor is one tap.
            teacher: As many, each of the shape of its partner.

        Returns:
            Scalar.
        """
        pairs = pair_taps(student, teacher, self.tap_weights, "FeatureL2Loss")
        terms = [pair.weight * F.mse_loss(pair.student, pair.teacher) for pair in pairs]
        return torch.stack(terms).mean() / 2
