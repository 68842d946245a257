"""Motion blur made while training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform

from mmsrkd.datasets.motion_blur import BlurSettings, degrade, draw_chance, file_rng
from mmsrkd.registry import TRANSFORMS

__all__ = ["RandomMotionBlur"]


@TRANSFORMS.register_module()
class RandomMotionBlur(BaseTransform):
    """Blurs images by a random straight or shaken path (`mmsrkd.datasets.motion_blur`).

    All ``keys`` get one kernel, and all channels, so grey stays grey. For a deblurring pair, copy
    ``gt`` to ``img`` first (mmagic's ``CopyValues``); for SR of blurred images put it after
    ``GenerateLR`` and the crop. ``tools/dataset_converters/make_motion_blur.py`` writes a set with
    its kernels; of the same seed and files, it is the one that is blurred here.

    Args:
        keys: images that are blurred, HxWxC, uint8.
        prob: how often.
        shortest: as `BlurSettings`.
        longest: as `BlurSettings`.
        linear_share: as `BlurSettings`.
        noise_sigma: as `BlurSettings`.
        file_seed: draw from this seed and the name of the file (with its folder's), so that a file
            is always blurred alike; None draws anew each time, from NumPy's global generator.

    Raises:
        ValueError: ``prob`` is outside 0..1, or as `BlurSettings`.
    """

    def __init__(
        self,
        keys: Sequence[str] = ("img",),
        prob: float = 1.0,
        shortest: int = 7,
        longest: int = 31,
        linear_share: float = 0.5,
        noise_sigma: float = 0.0,
        file_seed: int | None = None,
    ) -> None:
        if not 0 <= prob <= 1:
            raise ValueError(f"RandomMotionBlur: prob must be from 0 to 1, got {prob}")
        self.keys = tuple(keys)
        self.prob = prob
        self.settings = BlurSettings(shortest, longest, linear_share, noise_sigma)
        self.file_seed = file_seed

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Blurs the images in ``keys``."""
        rng = self._rng(results)
        kernel = draw_chance(rng, self.settings, self.prob)
        if kernel is None:
            return results
        for key in self.keys:
            results[key] = degrade(results[key], kernel, rng, self.settings)
        return results

    def _rng(self, results: dict[str, Any]) -> np.random.Generator:
        if self.file_seed is None:
            return np.random.default_rng(np.random.randint(2**31, size=4))
        return file_rng(Path(str(results.get("gt_path") or results["img_path"])), self.file_seed)

    def __repr__(self) -> str:
        return f"RandomMotionBlur(keys={self.keys}, prob={self.prob}, {self.settings})"
