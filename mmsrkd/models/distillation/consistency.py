"""What a teacher says of a changed image, changed back (label consistency, DUKD 2023)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .step_random import step_generator

_PURPOSE = 2309

#: Changes by name; each is its own inverse. RGB in [0, 1], (N, 3, H, W).
CHANGES: dict[str, Callable[[Tensor], Tensor]] = {
    "invert": lambda x: 1 - x,
    "hflip": lambda x: x.flip(-1),
    "vflip": lambda x: x.flip(-2),
    "transpose": lambda x: x.transpose(-1, -2),
}


class LabelConsistency:
    """Changes a batch at random, sample by sample, and undoes it on the teacher's images.

    The student, which sees the unchanged batch, then learns ``inverse(T(change(x)))``: L1(S(x),
    inv(T(aug(x)))) of DUKD. Every change is drawn with probability ``probability``, applied in the
    order given, undone in the reverse. Draws follow the step (`step_generator`).

    Args:
        changes: Names in `CHANGES`.
        probability: Of each change, for each sample.
        where: Part of the config, for messages.

    Raises:
        ValueError: For an unknown change or a probability outside [0, 1].
    """

    def __init__(
        self,
        changes: Sequence[str] = tuple(CHANGES),
        probability: float = 0.5,
        where: str = "consistency",
    ) -> None:
        unknown = [name for name in changes if name not in CHANGES]
        if unknown:
            raise ValueError(
                f"{where}: {', '.join(map(str, unknown))} is unknown; choose from "
                f"{', '.join(CHANGES)}"
            )
        if not 0 <= probability <= 1:
            raise ValueError(f"{where}: probability must be in [0, 1], got {probability}")
        self.changes, self.probability, self.where = tuple(changes), probability, where

    def __call__(self, x: Tensor) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
        """Return the changed batch and what undoes the changes on images of any size.

        Args:
            x: (N, 3, H, W), RGB in [0, 1]; square if it may be transposed.

        Raises:
            ValueError: If it is not square and may be transposed.
        """
        if "transpose" in self.changes and x.shape[-1] != x.shape[-2]:
            raise ValueError(
                f"{self.where}: a batch of {x.shape[-2]}x{x.shape[-1]} cannot be transposed sample "
                "by sample; take square patches or leave 'transpose' out"
            )
        numbers = torch.rand(len(self.changes), len(x), generator=step_generator(_PURPOSE))
        drawn = list(zip(self.changes, (numbers < self.probability).to(x.device), strict=True))
        return _apply(x, drawn), lambda image: _apply(image, drawn[::-1])


def _apply(x: Tensor, drawn: Sequence[tuple[str, Tensor]]) -> Tensor:
    for name, samples in drawn:
        x = torch.where(samples.view(-1, 1, 1, 1), CHANGES[name](x), x)
    return x
