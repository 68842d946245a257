"""Indicators: a value or a map per sample, computed once a step, shared by several objectives."""

from __future__ import annotations

import torch
import torch.nn.functional as F
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


@MODELS.register_module()
class AlwaysOne(nn.Module):
    """1 for every sample: switches a gate off (FCD in FACD 2023)."""

    def forward(self, like: Tensor) -> Tensor:
        """Return (N,) ones for a tensor (N, ...)."""
        return like.new_ones(len(like))


@MODELS.register_module()
class OutputDifference(nn.Module):
    """Where the images of student and teacher differ, as weights for features (LSFD, 2021).

    ``|T - S|``, mean over the colours, averaged over the pixels of the image that belong to one of
    the features, divided by its mean over the image; no gradient. The paper was not at hand: the
    normalisation is ours, so that selecting does not change the weight of the whole term.
    """

    @torch.no_grad()
    def forward(self, student: Tensor, teacher: Tensor, like: Tensor) -> Tensor:
        """Compare two images.

        Args:
            student: (N, 3, rH, rW).
            teacher: The same shape.
            like: (N, C, H, W), a feature map of the size to weight.

        Returns:
            (N, 1, H, W), 1 on average over each sample; 1 everywhere if the images are equal.
        """
        difference = (teacher - student).abs().mean(dim=1, keepdim=True)
        difference = F.adaptive_avg_pool2d(difference, (like.shape[-2], like.shape[-1]))
        mean = difference.mean(dim=(2, 3), keepdim=True)
        return torch.where(mean > 0, difference / mean, 1.0)
