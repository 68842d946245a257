"""One file per family of networks: how to recognise its state dict and what to make of it.

A new family is one new module with a ``FAMILY`` and one entry in :data:`FAMILIES`.
"""

from __future__ import annotations

from mmsrkd.checkpoints.families import (
    bicubic_plus_plus,
    ecbsr,
    edsr,
    espcn,
    fsrcnn,
    hgsrcnn,
    imdn,
    lgrnet,
    luma_only,
    mimo_unet,
    pan,
    rcan,
    rfdn,
    rlfn,
    safmn,
    span,
    srcnn,
    swinir,
    vdsr,
    xlsr,
)
from mmsrkd.checkpoints.families.family import Converted, Family, Hints, State

FAMILIES: tuple[Family, ...] = (
    span.FAMILY,
    lgrnet.FAMILY,
    rlfn.RLFN,
    rlfn.DIPNET,
    rfdn.FAMILY,
    imdn.FAMILY,
    pan.FAMILY,
    fsrcnn.FAMILY,
    espcn.FAMILY,
    xlsr.FAMILY,
    bicubic_plus_plus.FAMILY,
    vdsr.FAMILY,
    srcnn.FAMILY,
    hgsrcnn.FAMILY,
    swinir.FAMILY,
    safmn.FAMILY,
    rcan.FAMILY,
    mimo_unet.FAMILY,
    edsr.FAMILY,
    ecbsr.FAMILY,
    luma_only.around(lambda state: find_family(state)),
)

__all__ = ["FAMILIES", "Converted", "Family", "Hints", "State", "find_family"]


def find_family(state: State) -> Family | None:
    """Return the first family that recognises a bare state dict, or ``None``."""
    return next((family for family in FAMILIES if family.detect(state)), None)
