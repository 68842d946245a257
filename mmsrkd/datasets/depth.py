"""From 16 bits to 8, by a line that is the same for every file."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from mmengine.logging import print_log
from numpy.typing import NDArray

__all__ = ["FULL_RANGE", "check_range", "eight_bits", "uses_little"]

FULL_RANGE = (0, 65535)
_LITTLE = FULL_RANGE[1] // 4


def check_range(given: Sequence[int] | int) -> tuple[int, int]:
    """Return (low, high) or say what is wrong with it.

    Raises:
        ValueError: It is not 0 <= low < high <= 65535.
    """
    if isinstance(given, int) or len(given) != 2 or not 0 <= given[0] < given[1] <= FULL_RANGE[1]:
        shown = given if isinstance(given, int) else tuple(given)
        raise ValueError(
            f"range_16bit must be (low, high) with 0 <= low < high <= {FULL_RANGE[1]}, got {shown}"
        )
    return int(given[0]), int(given[1])


def uses_little(image: NDArray[np.uint16]) -> bool:
    """Whether less than a quarter of the range is used, as by raw thermal counts."""
    return bool(0 < image.max() <= _LITTLE)


def eight_bits(
    image: NDArray[np.uint16], given: tuple[int, int] | None, name: str
) -> NDArray[np.uint8]:
    """Map ``low..high`` to 0..255, rounded to the nearest and clipped.

    Args:
        image: any shape.
        given: (low, high), or None for the whole range. Then a file that uses less than a quarter
            of it is warned of: nearly black, it is a raw thermal image rather than a picture.
        name: of the file, for the warning.
    """
    low, high = given or FULL_RANGE
    if given is None and uses_little(image):
        print_log(
            f"16-bit image {name} uses only {image.min()}..{image.max()} of 0..65535 and becomes "
            "nearly black; if these are raw thermal counts, set range_16bit=(low, high) on "
            "LoadCheckedImage, the same for the whole set",
            logger="current",
            level=logging.WARNING,
        )
    values = (image.astype(np.float64) - low) * (255.0 / (high - low))
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)
