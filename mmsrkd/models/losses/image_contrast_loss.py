"""Closer to the teacher's image than to the blurred ones, in a space of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .shapes import check_same_shape

EPS = 1e-7


@MODELS.register_module()
class ImageContrastLoss(nn.Module):
    """Ratio of distances to the teacher and to bicubic images (Eq. 3, CSD 2021).

    ``sum_l w_l d(f_l(T), f_l(S)) / (sum_k d(f_l(n_k), f_l(S)) + 1e-7)``; d is the mean absolute
    difference over the batch. As in the authors' code, the negatives are the enlarged LR images of
    the first samples of the batch, the same for all, a sample's own among them. No gradient through
    teacher and negatives.

    Args:
        features: What gives the maps, e.g. ``dict(type="VGG19Features", weights=...)``.
        tap_weights: One for each map; by default those of CSD, for five.
        negatives: How many samples serve as negatives; the batch may have fewer.
    """

    def __init__(
        self,
        features: Mapping[str, Any],
        tap_weights: Sequence[float] = (1 / 32, 1 / 16, 1 / 8, 1 / 4, 1),
        negatives: int = 10,
    ) -> None:
        super().__init__()
        if negatives < 1:
            raise ValueError(f"ImageContrastLoss: negatives must be at least 1, got {negatives}")
        self.features: nn.Module = MODELS.build(dict(features))
        self.tap_weights, self.negatives = tuple(tap_weights), negatives

    def forward(self, student: Tensor, teacher: Tensor, lr: Tensor) -> Tensor:
        """Compare images.

        Args:
            student: (N, 3, rH, rW), RGB in [0, 1].
            teacher: The same shape.
            lr: (N, 3, H, W).

        Returns:
            Scalar.

        Raises:
            ValueError: If shapes differ, or there are more or fewer maps than weights.
        """
        check_same_shape(student, teacher, "ImageContrastLoss")
        with torch.no_grad():
            size = student.shape[-2:]
            few = F.interpolate(lr[: self.negatives], size=size, mode="bicubic").clamp(0, 1)
            far, near = self.features(few), self.features(teacher.detach())
        own = self.features(student)
        if len(own) != len(self.tap_weights):
            raise ValueError(
                f"ImageContrastLoss: {len(own)} feature maps but {len(self.tap_weights)} "
                "tap_weights; give one for each map"
            )
        terms = []
        for weight, s, t, n in zip(self.tap_weights, own, near, far, strict=True):
            # one negative at a time: all pairs of maps at once would not fit into memory
            repulsion = torch.stack([(s - one).abs().mean() for one in n]).sum()
            terms.append(weight * (s - t).abs().mean() / (repulsion + EPS))
        return torch.stack(terms).sum()
