"""Indicators: one value per sample, computed once a step and shared by several objectives."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS


@MODELS.register_module()
class TeacherCloser(nn.Module):
    """1 where the teacher is at least as close to the truth as the student, else 0 (Eq. 1, FACD).

    Distances are means over C, H, W of un-clamped images; ties count as 1; no gradient.
    """

    @torch.no_grad()
    def forward(self, student: Tensor, teacher: Tensor, gt: Tensor) -> Tensor:
        """Compare two images with the truth, sample by sample.

        Args:
            student: (N, 3, H, W).
            teacher: The same shape.
            gt: The same shape.

        Returns:
            (N,), float.
        """
        ours = (student - gt).abs().mean(dim=(1, 2, 3))
        theirs = (teacher - gt).abs().mean(dim=(1, 2, 3))
        return (ours >= theirs).float()
