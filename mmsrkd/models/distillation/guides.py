"""Several teachers at once: which of them speak in a step, and what they say together."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .step_random import step_generator

_PURPOSE = 2105


@MODELS.register_module()
class RandomGuide(nn.Module):
    """Drops teachers at random, anew in every step (densely guided distillation, ICCV 2021).

    The paper drops with a binomial survival probability and does not say what happens when nobody
    is left; here ``at_least`` of them stay, those with the luckiest draws. Draws follow the step
    (`step_generator`) and, in distributed training, the process.

    Args:
        keep: Probability of a teacher to stay; .75 in the paper's code.
        at_least: How many always stay.

    Raises:
        ValueError: If ``keep`` is no probability or ``at_least`` is negative.
    """

    def __init__(self, keep: float = 0.75, at_least: int = 1) -> None:
        super().__init__()
        if not 0 <= keep <= 1 or at_least < 0:
            raise ValueError(
                f"RandomGuide: needs keep in [0, 1] and at_least >= 0, got {keep} and {at_least}"
            )
        self.keep, self.at_least = keep, at_least

    def forward(self, teachers: list[Tensor]) -> Tensor:
        """Return (T,), 1 for every teacher that speaks and 0 for the others.

        Args:
            teachers: Their images; only their number matters.
        """
        teachers = [teachers] if isinstance(teachers, Tensor) else teachers
        numbers = torch.rand(len(teachers), generator=step_generator(_PURPOSE))
        staying = numbers < self.keep
        staying[numbers.argsort()[: self.at_least]] = True
        return staying.float().to(teachers[0].device)


@MODELS.register_module()
class MeanOf(nn.Module):
    """Mean of the teachers' images, as a tensor objectives can name: ``ind.<name>``."""

    def forward(self, teachers: list[Tensor]) -> Tensor:
        """(N, 3, H, W) each -> (N, 3, H, W)."""
        return torch.stack(list(teachers)).mean(dim=0)


@MODELS.register_module()
class LearntMixture(nn.Module):
    """Per-pixel mixture of the teachers' images with learnt weights, trained on the truth.

    In the place of MTKD's aggregator (ECCV 2024), a transformer on wavelet coefficients trained in
    a stage of its own: three small convolutions see all images and give one weight for each teacher
    and pixel (softmax). It begins as their mean and cannot leave their range, so it may train along
    with the student: add an objective that compares ``ind.<name>`` with ``gt``.

    Args:
        teachers: How many.
        channels: Width of the convolutions.
    """

    def __init__(self, teachers: int, channels: int = 16) -> None:
        super().__init__()
        if teachers < 2:
            raise ValueError(f"LearntMixture: needs two teachers or more to mix, got {teachers}")
        self.weigh = nn.Sequential(
            nn.Conv2d(3 * teachers, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, teachers, 3, padding=1),
        )
        last = cast(nn.Conv2d, self.weigh[-1])
        nn.init.zeros_(last.weight)
        nn.init.zeros_(cast(Tensor, last.bias))
        self.teachers = teachers

    def forward(self, teachers: list[Tensor]) -> Tensor:
        """(N, 3, H, W) each -> (N, 3, H, W).

        Raises:
            ValueError: If there are more or fewer images than it was built for.
        """
        if len(teachers) != self.teachers:
            raise ValueError(
                f"LearntMixture: built for {self.teachers} teachers, given {len(teachers)}; set "
                "`teachers` to their number"
            )
        weights = self.weigh(torch.cat(list(teachers), dim=1)).softmax(dim=1)
        parts = [weights[:, i : i + 1] * image for i, image in enumerate(teachers)]
        return torch.stack(parts).sum(dim=0)
