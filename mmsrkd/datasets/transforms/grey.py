"""Visible light without its colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from numpy.typing import NDArray

from mmsrkd.registry import TRANSFORMS

__all__ = ["EqualGrey", "equal_grey"]


def equal_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """HxWx3 RGB to three equal channels of BT.601 luma, full range; grey stays as it is."""
    return np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


@TRANSFORMS.register_module()
class EqualGrey(BaseTransform):
    """Makes all three channels equal, as infrared images have them.

    A domain classifier that is shown colour on one side and grey on the other learns to detect
    colour and nothing else. Put it before ``GenerateLR`` for an exact LR/HR pair (with ``prob=1``
    if that caches), or after the crop, where each image is rounded by itself.

    Args:
        keys: images that are changed together, HxWx3, uint8, RGB.
        prob: how often. Below 1 the network goes on seeing colour, and the classifier keeps a share
            of its shortcut.

    Raises:
        ValueError: ``prob`` is outside 0..1.
    """

    def __init__(self, keys: Sequence[str] = ("img", "gt"), prob: float = 1.0) -> None:
        if not 0 <= prob <= 1:
            raise ValueError(f"EqualGrey: prob must be from 0 to 1, got {prob}")
        self.keys = tuple(keys)
        self.prob = prob

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Changes the images in ``keys``."""
        if self.prob < 1 and np.random.random() >= self.prob:
            return results
        for key in self.keys:
            results[key] = equal_grey(results[key])
            results[f"{key}_is_grey"] = True
        return results

    def __repr__(self) -> str:
        return f"EqualGrey(keys={self.keys}, prob={self.prob})"
