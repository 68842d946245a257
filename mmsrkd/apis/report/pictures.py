"""Pictures for a page: where to look, and how to carry them inside it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mmsrkd.apis.image_files import encode_png

__all__ = ["Region", "data_uri", "squared_error", "worst_regions"]

_BORDER = 8


@dataclass(frozen=True)
class Region:
    """A square part of an HR picture, in HR pixels."""

    x: int
    y: int
    size: int

    def cut(self, image: NDArray[Any], divisor: int = 1) -> NDArray[Any]:
        """The part of an HR picture, or with ``divisor`` = scale, of its LR picture."""
        x, y, size = (value // divisor for value in (self.x, self.y, self.size))
        return image[y : y + size, x : x + size]


def squared_error(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
    """Squared difference of two HxWx3 images, averaged over the channels: HxW."""
    return np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2, axis=2)


def worst_regions(
    error: NDArray[np.float64], size: int, count: int, multiple: int = 1
) -> list[Region]:
    """Find the squares with the largest mean error, some way apart.

    Args:
        error: HxW, from `squared_error`.
        size: Side of a square, a multiple of ``multiple``; made smaller where the picture is.
        count: How many at most; fewer where there is no more room.
        multiple: Corners lie on multiples of it: the scale, so that LR parts are whole pixels.
    """
    height, width = error.shape
    border = _BORDER if min(height, width) >= size + 2 * _BORDER else 0
    size = min(size, height, width) // multiple * multiple
    means = cv2.boxFilter(error, cv2.CV_64F, (size, size), anchor=(0, 0))
    last_y, last_x = height - size - border, width - size - border
    grid = means[border : last_y + 1 : multiple, border : last_x + 1 : multiple].copy()
    found: list[Region] = []
    while len(found) < count and grid.size and grid.max() >= 0:
        row, column = np.unravel_index(int(grid.argmax()), grid.shape)
        y, x = border + int(row) * multiple, border + int(column) * multiple
        found.append(Region(x // multiple * multiple, y // multiple * multiple, size))
        near = -(-2 * size // multiple)
        rows = slice(max(int(row) - near + 1, 0), int(row) + near)
        grid[rows, max(int(column) - near + 1, 0) : int(column) + near] = -1
    return found


def data_uri(image: NDArray[Any]) -> str:
    """Encode an RGB or grey uint8 image as a PNG inside an address."""
    return "data:image/png;base64," + base64.b64encode(encode_png(image, 9)).decode()
