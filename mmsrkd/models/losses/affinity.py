"""Similarity of every pixel of a feature map to every other."""

from __future__ import annotations

import torch
from torch import Tensor

#: Added to the norm, as in FAKD's code: a pixel of zeros stays zero.
EPS = 1e-8


def unit_channels(x: Tensor) -> Tensor:
    """Divide every pixel by its L2 norm over the channels; (N, C, H, W) -> same shape."""
    return x / (torch.linalg.vector_norm(x, dim=1, keepdim=True) + EPS)


def spatial_affinity(x: Tensor) -> Tensor:
    """Cosines between all pixels: (N, C, H, W) -> (N, HW, HW), in [-1, 1]; Eq. 1, FAKD 2020.

    Note:
        Grows with the square of the area: one map of 48x48 takes 21 MB, of a batch of 16, 340 MB.
    """
    columns = unit_channels(x).flatten(2)
    return columns.transpose(1, 2) @ columns
