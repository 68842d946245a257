"""Similarity of every pixel of a feature map to every other."""

from __future__ import annotations

from torch import Tensor

from .unit_channels import unit_channels


def spatial_affinity(x: Tensor) -> Tensor:
    """Cosines between all pixels: (N, C, H, W) -> (N, HW, HW), in [-1, 1]; Eq. 1, FAKD 2020.

    Note:
        Grows with the square of the area: one map of 48x48 takes 21 MB, of a batch of 16, 340 MB.
    """
    columns = unit_channels(x).flatten(2)
    return columns.transpose(1, 2) @ columns
