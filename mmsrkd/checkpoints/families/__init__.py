"""One file per family of networks: how to recognise its state dict and what to make of it.

A new family is one new module with a ``FAMILY`` and one entry in :data:`FAMILIES`.
"""

from __future__ import annotations

from mmsrkd.checkpoints.families import imdn, lgrnet, pan, rfdn, rlfn, span
from mmsrkd.checkpoints.families.family import Converted, Family, Hints, State

FAMILIES: tuple[Family, ...] = (
    span.FAMILY,
    lgrnet.FAMILY,
    rlfn.RLFN,
    rlfn.DIPNET,
    rfdn.FAMILY,
    imdn.FAMILY,
    pan.FAMILY,
)

__all__ = ["FAMILIES", "Converted", "Family", "Hints", "State", "find_family"]


def find_family(state: State) -> Family | None:
    """Return the first family that recognises a bare state dict, or ``None``."""
    return next((family for family in FAMILIES if family.detect(state)), None)
