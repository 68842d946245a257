"""More colours than the pictures have."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform
from numpy.typing import NDArray

from mmsrkd.registry import TRANSFORMS

__all__ = ["RandomColourMix"]

_MIDDLE = 127.5


@TRANSFORMS.register_module()
class RandomColourMix(BaseTransform):
    """Shuffles the channels and gives each its own contrast and brightness, alike in LR and HR.

    Few training pictures have few colours, and grey ones only one direction in colour space: a
    network trained on them errs wherever channels differ. Bicubic resizing commutes with any affine
    map of a channel, so LR and HR stay a true pair, but for the rounding to whole values. Each map
    takes 0..255 into 0..255: nothing is ever clipped.

    Args:
        keys: images that are changed alike, HxWx3, uint8.
        prob: how often.
        least_contrast: a channel's contrast is drawn from here to 1.

    Raises:
        ValueError: ``prob`` or ``least_contrast`` is outside 0..1.
    """

    def __init__(
        self,
        keys: tuple[str, ...] = ("img", "gt"),
        prob: float = 0.5,
        least_contrast: float = 0.3,
    ) -> None:
        for name, value in (("prob", prob), ("least_contrast", least_contrast)):
            if not 0 <= value <= 1:
                raise ValueError(f"RandomColourMix: {name} must be from 0 to 1, got {value}")
        self.keys = keys
        self.prob = prob
        self.least_contrast = least_contrast

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Changes the images in ``keys``."""
        if np.random.random() >= self.prob:
            return results
        order = np.random.permutation(3)
        contrast = np.random.uniform(self.least_contrast, 1, size=3)
        brightness = _MIDDLE * (1 - contrast) * np.random.uniform(-1, 1, size=3)
        for key in self.keys:
            results[key] = _mix(results[key], order, contrast, brightness)
            results[f"{key}_is_grey"] = False
        return results


def _mix(
    image: NDArray[np.uint8],
    order: NDArray[np.intp],
    contrast: NDArray[np.float64],
    brightness: NDArray[np.float64],
) -> NDArray[np.uint8]:
    values = (image[..., order] - _MIDDLE) * contrast + brightness + _MIDDLE
    return np.floor(values + 0.5).astype(np.uint8)
