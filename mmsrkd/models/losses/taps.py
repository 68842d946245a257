"""Feature maps of a student and of a teacher, in pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor

from .shapes import check_same_shape


class Pair(NamedTuple):
    """Two feature maps of one shape and the factor of their term."""

    student: Tensor
    teacher: Tensor
    weight: float


def pair_taps(
    student: Tensor | list[Tensor],
    teacher: Tensor | list[Tensor],
    tap_weights: Sequence[float] | None,
    where: str,
    *,
    same_channels: bool = True,
) -> list[Pair]:
    """Pair maps in order.

    Args:
        student: Feature maps, each (N, C, H, W); a single tensor is one tap.
        teacher: As many.
        tap_weights: One factor per tap; None for 1 each.
        where: The loss, for messages.
        same_channels: Whether partners need the same number of channels; all else is always equal.

    Raises:
        ValueError: If the number of taps, of weights, or a pair of shapes differs.
    """
    ours, theirs = _as_list(student), _as_list(teacher)
    if len(ours) != len(theirs):
        raise ValueError(
            f"{where}: {len(ours)} student taps but {len(theirs)} teacher taps; name as many of "
            "each"
        )
    weights = (1.0,) * len(ours) if tap_weights is None else tuple(tap_weights)
    if len(weights) != len(ours):
        raise ValueError(
            f"{where}: tap_weights has {len(weights)} values for {len(ours)} taps; give one per tap"
        )
    for index, (s, t) in enumerate(zip(ours, theirs, strict=True)):
        check_same_shape(s, t, f"{where}, tap {index}", same_channels=same_channels)
    return [Pair(*pair) for pair in zip(ours, theirs, weights, strict=True)]


def _as_list(value: Tensor | list[Tensor]) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else list(value)
