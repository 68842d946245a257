"""Distance of the student's image to the teacher's."""

from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .shapes import check_same_shape


@MODELS.register_module()
class SoftTargetLoss(nn.Module):
    """Mean absolute difference between the images of student and teacher (Eq. 4, LGR-Net 2025)."""

    def forward(self, student: Tensor, teacher: Tensor) -> Tensor:
        """Compare two images.

        Args:
            student: (N, 3, H, W), RGB in [0, 1].
            teacher: The same shape.

        Returns:
            Scalar.
        """
        check_same_shape(student, teacher, "SoftTargetLoss")
        return mean_absolute_difference(student, teacher)
