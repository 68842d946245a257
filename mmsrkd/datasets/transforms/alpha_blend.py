"""A plain colour laid over the pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform
from numpy.typing import NDArray

from mmsrkd.registry import TRANSFORMS

__all__ = ["RGBAlphaBlend"]


@TRANSFORMS.register_module()
class RGBAlphaBlend(BaseTransform):
    """Mixes one random colour into LR and HR alike: ``v * image + (1 - v) * c``.

    ``c`` is uniform in 0..255 for each channel, ``v`` uniform from ``least_share`` to 1. TAKDSR
    (2023) trains with "RGB alpha blending" and says no more; this is the Blend of CutBlur (CVPR
    2020), the augmentation known under that name, with a new ``v`` for every sample instead of
    every batch. Bicubic resizing commutes with it, so the pair stays a pair, but for rounding.

    Args:
        keys: images that are changed alike, HxWx3, uint8.
        prob: how often.
        least_share: the least share of the image.

    Raises:
        ValueError: ``prob`` or ``least_share`` is outside 0..1.
    """

    def __init__(
        self,
        keys: tuple[str, ...] = ("img", "gt"),
        prob: float = 1.0,
        least_share: float = 0.6,
    ) -> None:
        for name, value in (("prob", prob), ("least_share", least_share)):
            if not 0 <= value <= 1:
                raise ValueError(f"RGBAlphaBlend: {name} must be from 0 to 1, got {value}")
        self.keys = keys
        self.prob = prob
        self.least_share = least_share

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Changes the images in ``keys``."""
        if np.random.random() >= self.prob:
            return results
        colour = np.random.uniform(0, 255, size=3)
        share = np.random.uniform(self.least_share, 1)
        for key in self.keys:
            results[key] = _blend(results[key], colour, share)
            results[f"{key}_is_grey"] = False
        return results


def _blend(
    image: NDArray[np.uint8], colour: NDArray[np.float64], share: float
) -> NDArray[np.uint8]:
    return np.floor(share * image + (1 - share) * colour + 0.5).astype(np.uint8)
