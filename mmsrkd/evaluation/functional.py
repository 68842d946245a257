"""PSNR and SSIM of two images, in double precision, with nothing decided silently."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["prepare_image", "psnr", "ssim"]

_WINDOW = 11
_SIGMA = 1.5
_PEAK = 255.0
_C1 = (0.01 * _PEAK) ** 2
_C2 = (0.03 * _PEAK) ** 2


def psnr(first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int = 0) -> float:
    """Peak signal-to-noise ratio in dB, ``10 log10(255^2 / MSE)`` over all pixels and channels.

    Args:
        first: HxW or HxWxC, values 0..255, any type.
        second: the same shape.
        crop_border: pixels left out along each edge.

    Returns:
        dB; infinity for identical images.

    Raises:
        ValueError: shapes differ, or the border leaves nothing.
    """
    a, b = _comparable(first, second, crop_border, smallest=1)
    error = float(np.mean((a - b) ** 2))
    return float("inf") if error == 0 else float(10.0 * np.log10(_PEAK**2 / error))


def ssim(first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int = 0) -> float:
    """Structural similarity as in the authors' MATLAB code (Wang et al. 2004).

    Gaussian 11x11 window with sigma 1.5, only windows that lie inside the image, K1 = 0.01,
    K2 = 0.03, range 255, no down-sampling. Channels are measured one by one and averaged.

    Args:
        first: HxW or HxWxC, values 0..255, any type.
        second: the same shape.
        crop_border: pixels left out along each edge.

    Raises:
        ValueError: shapes differ, or less than 11x11 pixels remain.
    """
    a, b = _comparable(first, second, crop_border, smallest=_WINDOW)
    mean_a, mean_b = _smooth(a), _smooth(b)
    square_a, square_b, product = mean_a**2, mean_b**2, mean_a * mean_b
    variance_a, variance_b = _smooth(a**2) - square_a, _smooth(b**2) - square_b
    covariance = _smooth(a * b) - product
    similarity = (2 * product + _C1) * (2 * covariance + _C2)
    similarity /= (square_a + square_b + _C1) * (variance_a + variance_b + _C2)
    return float(similarity.mean())


def prepare_image(image: NDArray[np.generic], rounding: str | None) -> NDArray[np.float64]:
    """The image as it would be stored: rounded half up and clipped for 'uint8', as is for None.

    Args:
        image: values 0..255.
        rounding: 'uint8' or None.
    """
    if rounding not in ("uint8", None):
        raise ValueError(f"rounding must be 'uint8' or None, got {rounding!r}")
    values = image.astype(np.float64)
    return np.clip(np.floor(values + 0.5), 0.0, _PEAK) if rounding else values


def _smooth(image: NDArray[np.float64]) -> NDArray[np.float64]:
    kernel = cv2.getGaussianKernel(_WINDOW, _SIGMA, cv2.CV_64F)
    margin = _WINDOW // 2
    return cv2.sepFilter2D(image, cv2.CV_64F, kernel, kernel)[margin:-margin, margin:-margin]


def _comparable(
    first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int, smallest: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if first.shape != second.shape or first.ndim not in (2, 3):
        raise ValueError(
            f"images must have one HxW or HxWxC shape, got {first.shape} and {second.shape}; check "
            "the scale and that HR was cut to its multiples"
        )
    height, width = (side - 2 * crop_border for side in first.shape[:2])
    if crop_border < 0 or min(height, width) < smallest:
        raise ValueError(
            f"a border of {crop_border} leaves {height}x{width} of {first.shape[:2]} pixels, at "
            f"least {smallest}x{smallest} are needed; use a smaller crop_border or a larger image"
        )
    inside = slice(crop_border, crop_border + height), slice(crop_border, crop_border + width)
    return first[inside].astype(np.float64), second[inside].astype(np.float64)
