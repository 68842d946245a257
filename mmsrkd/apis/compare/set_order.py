"""In which order a page has test sets."""

from __future__ import annotations

from collections.abc import Iterable

from .mean import MEAN

SETS = ("Set5", "Set14", "BSD100", "Urban100", "Manga109", "HeldOut")


def usual_order(names: Iterable[str]) -> list[str]:
    """Well-known sets first, as papers list them, then others by name, their mean last."""
    found = set(names)
    others = sorted(found - {*SETS, MEAN})
    return [name for name in (*SETS, *others, MEAN) if name in found]
