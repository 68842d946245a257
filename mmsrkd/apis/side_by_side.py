"""A picture of what a network adds: parts of a picture, bicubic above, the network below."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mmsrkd.apis.report.pictures import worst_regions

__all__ = ["side_by_side"]

_SIDE, _PARTS, _MAGNIFIED = 96, 3, 3
_GAP, _LINE, _FONT = 4, 24, 15
_PAPER, _INK = 255, (40, 40, 40)


def side_by_side(
    plain: NDArray[Any], better: NDArray[Any], names: tuple[str, str], multiple: int = 1
) -> NDArray[np.uint8]:
    """Show where two pictures of one size differ most, magnified without smoothing.

    Args:
        plain: HxW, HxWx3 (RGB) or HxWx4 (RGBA; alpha is not shown), uint8 or uint16.
        better: The same kind of array.
        names: What stands above the parts of each.
        multiple: Parts begin at multiples of it, such as the scale.

    Returns:
        HxWx3 (RGB) uint8: a row of parts for each picture.

    Raises:
        ValueError: Their sizes differ.
    """
    if plain.shape[:2] != better.shape[:2]:
        raise ValueError(
            f"pictures of one size are compared, got {plain.shape[:2]} and {better.shape[:2]}"
        )
    shown = [_eight_bit_rgb(image) for image in (plain, better)]
    error = cv2.cvtColor(cv2.absdiff(*shown), cv2.COLOR_RGB2GRAY).astype(np.float64)
    regions = worst_regions(error, _SIDE, _PARTS, multiple)
    rows = []
    for image, name in zip(shown, names, strict=True):
        parts = [_magnified(region.cut(image)) for region in regions]
        gap = np.full((parts[0].shape[0], _GAP, 3), _PAPER, np.uint8)
        row = np.hstack([piece for part in parts for piece in (part, gap)][:-1])
        rows += [_caption(name, row.shape[1]), row]
    return np.vstack(rows)


def _eight_bit_rgb(image: NDArray[Any]) -> NDArray[np.uint8]:
    narrow = (image // 257 if image.dtype == np.uint16 else image).astype(np.uint8)
    return np.dstack([narrow] * 3) if narrow.ndim == 2 else np.ascontiguousarray(narrow[..., :3])


def _magnified(part: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return part.repeat(_MAGNIFIED, axis=0).repeat(_MAGNIFIED, axis=1)


def _caption(text: str, width: int) -> NDArray[np.uint8]:
    from PIL import Image, ImageDraw, ImageFont

    strip = Image.new("RGB", (width, _LINE), (_PAPER,) * 3)
    font = ImageFont.load_default(_FONT)
    ImageDraw.Draw(strip).text((2, _LINE / 2), text, fill=_INK, font=font, anchor="lm")
    return np.asarray(strip)
