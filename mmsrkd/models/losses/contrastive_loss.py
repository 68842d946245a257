"""Contrast within the batch: close to the own teacher, far from everybody else's features."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.logging import print_log
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .pairwise import pairwise_l1
from .taps import pair_taps
from .unit_channels import EPS, unit_channels

NORMALISATIONS = ("none", "pixel", "sample")


class BatchContrast(nn.Module):
    """What the contrasts share: normalisation, gate, weights of taps, batches of one.

    The negatives of sample i are the teacher's and the student's maps of all other samples of the
    batch, K = 2 (N - 1) of them; in distributed training, of the process's own batch.

    A batch of one has no negatives: then the plain gated L1 is taken, and said once.

    Args:
        tap_weights: One factor per tap; None for 1 each.
        normalise: Each map by the norm over the channels of every ``pixel``, by one norm of the
            ``sample``, or ``none`` (where adapters did it).
        detach_negatives: Whether no gradient flows through the student's own maps where they are
            negatives. The paper does not say; with it, a pair is not counted from both sides.

    Raises:
        ValueError: For a normalisation that is not offered.
    """

    def __init__(
        self,
        tap_weights: Sequence[float] | None = None,
        normalise: str = "none",
        detach_negatives: bool = True,
    ) -> None:
        super().__init__()
        if normalise not in NORMALISATIONS:
            raise ValueError(
                f"normalise={normalise!r} is unknown; choose one of {', '.join(NORMALISATIONS)}"
            )
        self.tap_weights, self.normalise = tap_weights, normalise
        self.detach_negatives = detach_negatives
        self._warned = False

    def forward(
        self, student: list[Tensor], teacher: list[Tensor], gate: Tensor | None = None
    ) -> Tensor:
        """Contrast every sample with the rest of its batch.

        Args:
            student: Feature maps or images, each (N, ...); a single tensor is one tap.
            teacher: As many, each of the shape of its partner.
            gate: (N,) factors of the samples' terms (negatives are never gated); None for 1 each.

        Returns:
            Scalar, the weighted sum over the taps.
        """
        terms = []
        for s, t, weight in pair_taps(student, teacher, self.tap_weights, type(self).__name__):
            s, t = self._normalised(s), self._normalised(t)
            gates = s.new_ones(len(s)) if gate is None else gate
            term = self.contrast(s, t, gates) if len(s) > 1 else self._alone(s, t, gates)
            terms.append(weight * term)
        return torch.stack(terms).sum()

    def contrast(self, student: Tensor, teacher: Tensor, gate: Tensor) -> Tensor:
        """Term of one tap: two tensors (N, ...) with N > 1, and gates (N,)."""
        raise NotImplementedError

    def _negatives(self, student: Tensor) -> Tensor:
        return student.detach() if self.detach_negatives else student

    def _normalised(self, x: Tensor) -> Tensor:
        if self.normalise == "pixel":
            return unit_channels(x)
        if self.normalise == "sample":
            norms = torch.linalg.vector_norm(x.flatten(1), dim=1) + EPS
            return x / norms.view(-1, *[1] * (x.ndim - 1))
        return x

    def _alone(self, student: Tensor, teacher: Tensor, gate: Tensor) -> Tensor:
        if not self._warned:
            print_log(
                f"{type(self).__name__}: a batch of one has no negatives, so the plain L1 is "
                "taken; train with two samples or more on each device",
                "current",
                level=30,
            )
            self._warned = True
        return (gate * (student - teacher).abs().flatten(1).mean(dim=1)).sum()


@MODELS.register_module()
class ContrastiveRatioLoss(BatchContrast):
    """Distance to the own teacher over the sum of those to all negatives (Eq. 4, FACD 2023).

    ``sum_i a_i |s_i - t_i| / sum_k |s_i - n_ik|``: a ratio of L1 distances without temperature or
    logarithm. Sums over i and k are literal, so the value hardly depends on the batch (N/K is about
    one half); distances are means over C, H, W, which cancel. A gated sample contributes nothing,
    no repulsion either.

    FACD normalises per pixel, then lets the student's side through `DeepRegressor` without
    normalising again: adapters do both, and ``normalise`` stays ``none``. The same on images with
    ``pixel`` is its ICD, with gates of 1 (`AlwaysOne`) its FCD, on `AffinityMap` that of Table 12.
    """

    def contrast(self, student: Tensor, teacher: Tensor, gate: Tensor) -> Tensor:
        """See Eq. 4; (N, ...), (N, ...), (N,) -> scalar."""
        to_teachers = pairwise_l1(student, teacher)
        to_students = pairwise_l1(student, self._negatives(student))  # 0 to itself
        own = to_teachers.diagonal()
        negatives = to_teachers.sum(dim=1) - own + to_students.sum(dim=1)
        return (gate * own / (negatives + EPS)).sum()


@MODELS.register_module()
class InfoNCELoss(BatchContrast):
    """Cross-entropy of picking the own teacher among the negatives (Table 7, FACD 2023).

    ``-log(e^(s_ii / tau) / (e^(s_ii / tau) + sum_k e^(s_ik / tau)))``, gated, a mean over the
    samples; s are dot products. The paper gives neither tau nor the normalisation: 0.07, and each
    map by its norm, so that s is in [-1, 1].

    Args:
        tap_weights: As in `BatchContrast`.
        normalise: As there, ``sample`` by default.
        detach_negatives: As there.
        temperature: Tau.

    Raises:
        ValueError: If the temperature is not positive.
    """

    def __init__(
        self,
        tap_weights: Sequence[float] | None = None,
        normalise: str = "sample",
        detach_negatives: bool = True,
        temperature: float = 0.07,
    ) -> None:
        super().__init__(tap_weights, normalise, detach_negatives)
        if temperature <= 0:
            raise ValueError(f"temperature must be positive, got {temperature}")
        self.temperature = temperature

    def contrast(self, student: Tensor, teacher: Tensor, gate: Tensor) -> Tensor:
        """(N, ...), (N, ...), (N,) -> scalar."""
        rows, theirs = student.flatten(1), teacher.flatten(1)
        to_students = rows @ self._negatives(rows).T
        itself = torch.eye(len(rows), dtype=torch.bool, device=rows.device)
        logits = torch.cat([rows @ theirs.T, to_students.masked_fill(itself, -torch.inf)], dim=1)
        logits = logits / self.temperature
        surprise = logits.logsumexp(dim=1) - logits.diagonal()
        return (gate * surprise).mean()
