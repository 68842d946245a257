"""Distance of one student to several teachers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .distance import mean_absolute_difference
from .shapes import check_same_shape


@MODELS.register_module()
class GuidanceLoss(nn.Module):
    """Sum of the mean absolute differences to every teacher that speaks; no gradient to them.

    Densely guided distillation (ICCV 2021) with L1 on images in the place of its divergence of
    class scores. As there, the sum is not divided by the number of those who speak.
    """

    def forward(
        self, student: Tensor, teachers: list[Tensor], gates: Tensor | None = None
    ) -> Tensor:
        """Compare the student's image with those of all teachers.

        Args:
            student: (N, 3, H, W).
            teachers: Of the same shape each; a single tensor is one teacher.
            gates: (T,), a factor for each teacher (`RandomGuide`); None for 1 each.

        Returns:
            Scalar.

        Raises:
            ValueError: If shapes differ, or there are more or fewer gates than teachers.
        """
        images = [teachers] if isinstance(teachers, Tensor) else teachers
        factors = student.new_ones(len(images)) if gates is None else gates
        if len(factors) != len(images):
            raise ValueError(
                f"GuidanceLoss: {len(factors)} gates for {len(images)} teachers; give the "
                "indicator and the loss the same teachers"
            )
        terms = []
        for factor, image in zip(factors, images, strict=True):
            check_same_shape(student, image, "GuidanceLoss")
            terms.append(factor * mean_absolute_difference(student, image.detach()))
        return torch.stack(terms).sum()
