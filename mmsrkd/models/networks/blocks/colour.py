from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

# BT.601 with studio range, of values in [0, 1]: weights of R, G, B, and what is added.
_YCBCR = [
    [65.481, 128.553, 24.966, 16.0],
    [-37.797, -74.203, 112.0, 128.0],
    [112.0, -93.786, -18.214, 128.0],
]
#: Rows Y, Cb, Cr of :func:`mix_channels`. Plain numbers: import may happen on the meta device.
TO_YCBCR: list[list[float]] = (np.array(_YCBCR) / 255).tolist()


def _inverse(rows: list[list[float]]) -> list[list[float]]:
    """Rows that lead back; the rounded numbers of textbooks do not lead to the same colour."""
    table = np.array(rows)
    mix = np.linalg.inv(table[:, :3])
    return np.concatenate([mix, -mix @ table[:, 3:]], axis=1).tolist()


#: Rows R, G, B.
TO_RGB = _inverse(TO_YCBCR)


def mix_channels(x: Tensor, rows: list[list[float]]) -> Tensor:
    """Weighted sums of three channels plus a constant, one for each row of four numbers.

    (N, 3, H, W) -> (N, len(rows), H, W). ``mix_channels(x, TO_YCBCR[:1])`` is the luma of RGB.
    """
    first, second, third = x[:, 0:1], x[:, 1:2], x[:, 2:3]
    mixed = [first * row[0] + second * row[1] + third * row[2] + row[3] for row in rows]
    return torch.cat(mixed, dim=1)
