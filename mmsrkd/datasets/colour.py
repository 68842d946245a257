"""Luma, as the super-resolution literature measures it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["rgb_to_y"]

_WEIGHTS = np.array([65.481, 128.553, 24.966]) / 255.0
_OFFSET = 16.0


def rgb_to_y(
    image: NDArray[np.generic],
    channel_order: str = "RGB",
    rounded: bool = False,
    full_range: bool = False,
) -> NDArray[np.float64]:
    """BT.601 studio-range luma: ``16 + (65.481 R + 128.553 G + 24.966 B) / 255``.

    Args:
        image: HxWx3, values 0..255.
        channel_order: 'RGB' or 'BGR'; OpenCV's images are BGR.
        rounded: round half up to whole numbers, as MATLAB's ``rgb2ycbcr`` does with uint8 images.
        full_range: stretch 16..235 to 0..255, which leaves the values of a greyscale image as they
            are. Benchmark files with one channel are measured so (Set14's bridge).

    Returns:
        HxW, float64, 16..235 or 0..255.

    Raises:
        ValueError: not three channels, or an unknown channel order.
    """
    if image.ndim != 3 or image.shape[2] != 3:
        raise ValueError(f"rgb_to_y takes an HxWx3 image, got shape {image.shape}")
    order = channel_order.upper()
    if order not in ("RGB", "BGR"):
        raise ValueError(f"channel_order must be 'RGB' or 'BGR', got {channel_order!r}")
    weights = _WEIGHTS if order == "RGB" else _WEIGHTS[::-1]
    luma = image.astype(np.float64) @ weights + _OFFSET
    if full_range:
        luma = (luma - _OFFSET) / _WEIGHTS.sum()
    return np.floor(luma + 0.5) if rounded else luma
