"""Smoothness of an image."""

from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference


@MODELS.register_module()
class TotalVariationLoss(nn.Module):
    """Mean absolute difference of vertical neighbours plus that of horizontal ones.

    mmagic's `MaskedTVLoss` with a mask of ones, which it cannot do without.
    """

    def forward(self, pred: Tensor) -> Tensor:
        """Measure (N, C, H, W), H and W at least 2; returns a scalar."""
        vertical = mean_absolute_difference(pred[..., 1:, :], pred[..., :-1, :])
        return vertical + mean_absolute_difference(pred[..., 1:], pred[..., :-1])
