"""MATLAB's bicubic ``imresize``, the degradation every SR benchmark is defined by.

The published low-resolution benchmark images were written by MATLAB, whose ``imresize`` differs
from every resize of OpenCV, Pillow and PyTorch: it widens the kernel when shrinking (antialias),
mirrors the image at its border with the edge pixel repeated, and rounds integer images after each
of its two passes. A network is measured against those pixels, so they are reproduced exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["matlab_resize", "modcrop"]

_KERNEL_WIDTH = 4.0


def matlab_resize(
    image: NDArray[np.generic],
    scale: float | None = None,
    size: Sequence[int] | None = None,
) -> NDArray[np.generic]:
    """Resizes an image as MATLAB's ``imresize(image, scale, 'bicubic')`` does.

    Keys' cubic with a = -0.5, antialiased when shrinking, symmetric padding. The axis with the
    smaller scale goes first; with equal scales the rows do, as in MATLAB.

    Args:
        image: HxW or HxWxC, uint8 (0..255) or floating point (any range).
        scale: output size / input size; the output has ``ceil(scale * length)`` pixels a side.
        size: output (height, width), instead of ``scale``.

    Returns:
        The resized image: uint8 in gives uint8 out, rounded half up and clipped after each of the
        two passes; floating point keeps its type and is neither rounded nor clipped.

    Raises:
        TypeError: ``image`` is neither uint8 nor floating point.
        ValueError: wrong number of dimensions, an empty image, or not exactly one positive target.
    """
    _check_image(image)
    targets = _targets(image.shape[:2], scale, size)
    result = image.astype(np.float64)
    for axis in sorted((0, 1), key=lambda axis: targets[axis][1]):
        length, axis_scale = targets[axis]
        result = _resize_axis(result, axis, length, axis_scale)
        if image.dtype == np.uint8:
            result = np.clip(np.floor(result + 0.5), 0.0, 255.0)
    return result.astype(image.dtype)


def modcrop(image: NDArray[np.generic], scale: int) -> NDArray[np.generic]:
    """Cuts height and width down to multiples of ``scale``, keeping the top left corner."""
    if scale < 1:
        raise ValueError(f"scale must be at least 1, got {scale}; pass the integer SR factor")
    height, width = image.shape[:2]
    return image[: height - height % scale, : width - width % scale]


def _check_image(image: NDArray[np.generic]) -> None:
    if image.dtype != np.uint8 and not np.issubdtype(image.dtype, np.floating):
        raise TypeError(
            f"matlab_resize takes uint8 or floating point, got {image.dtype}; convert it first"
        )
    if image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"matlab_resize takes a non-empty HxW or HxWxC image, got {image.shape}")


def _targets(
    shape: tuple[int, ...], scale: float | None, size: Sequence[int] | None
) -> list[tuple[int, float]]:
    """Output length and scale of each of the two axes."""
    if (scale is None) == (size is None):
        raise ValueError(f"give either scale or size, got scale={scale}, size={size}")
    if scale is not None:
        if not scale > 0 or not math.isfinite(scale):
            raise ValueError(f"scale must be a positive number, got {scale}")
        return [(math.ceil(length * scale), float(scale)) for length in shape]
    assert size is not None
    if len(size) != 2 or min(size) < 1:
        raise ValueError(f"size must be (height, width), both at least 1, got {tuple(size)}")
    return [(int(out), out / length) for out, length in zip(size, shape, strict=True)]


def _resize_axis(
    image: NDArray[np.float64], axis: int, length: int, scale: float
) -> NDArray[np.float64]:
    """Sums the weighted source lines tap by tap: one fixed order, so no tie rounds differently."""
    weights, indices = _taps(image.shape[axis], length, scale)
    shape = [1] * image.ndim
    shape[axis] = length
    result = np.take(image, indices[0], axis=axis) * weights[0].reshape(shape)
    for weight, index in zip(weights[1:], indices[1:], strict=True):
        result += np.take(image, index, axis=axis) * weight.reshape(shape)
    return result


@lru_cache(maxsize=256)
def _taps(
    length: int, out_length: int, scale: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Weights and source indices of one axis, each (taps, out_length)."""
    shrink = min(scale, 1.0)
    width = _KERNEL_WIDTH / shrink
    centres = np.arange(1, out_length + 1) / scale + 0.5 * (1.0 - 1.0 / scale)
    left = np.floor(centres - width / 2.0)
    offsets = np.arange(math.ceil(width) + 2)[:, None]
    positions = left + offsets
    weights = shrink * _cubic(shrink * (centres - positions))
    weights /= weights.sum(axis=0)
    mirror = np.concatenate([np.arange(length), np.arange(length - 1, -1, -1)])
    indices = mirror[np.mod(positions.astype(np.intp) - 1, mirror.size)]
    used = weights.any(axis=1)
    weights, indices = weights[used], indices[used]
    for array in (weights, indices):
        array.setflags(write=False)
    return weights, indices


def _cubic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Keys' cubic convolution kernel with a = -0.5 (Keys 1981, Eq. 15)."""
    x = np.abs(x)
    x2, x3 = x**2, x**3
    near = (1.5 * x3 - 2.5 * x2 + 1.0) * (x <= 1)
    far = (-0.5 * x3 + 2.5 * x2 - 4.0 * x + 2.0) * ((x > 1) & (x <= 2))
    return near + far
