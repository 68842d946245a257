"""Making the low-resolution input from the high-resolution image."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform
from numpy.typing import NDArray

from mmsrkd.datasets.cache import ImageCache
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.registry import TRANSFORMS

__all__ = ["GenerateLR"]

_ROUNDINGS = ("uint8", None)


@TRANSFORMS.register_module()
class GenerateLR(BaseTransform):
    """Modcrops ``gt`` and makes ``img`` from it by MATLAB's bicubic.

    Args:
        scale: SR factor; None takes the dataset's, from ``results['scale']``.
        rounding: 'uint8' rounds as MATLAB does with uint8 images, which gives the published
            benchmark inputs. None leaves ``img`` unrounded float32 (the SRCNN protocol).
        cache_mb: keep this many megabytes of (gt, img) pairs in memory, by ``gt_path``. Only
            allowed while ``gt`` is the whole file, so put random transforms after this one.

    Raises:
        ValueError: an unknown rounding, no scale, or a cache asked for an image already cropped.
    """

    def __init__(
        self, scale: int | None = None, rounding: str | None = "uint8", cache_mb: float = 0
    ) -> None:
        if rounding not in _ROUNDINGS:
            raise ValueError(f"rounding must be one of {_ROUNDINGS}, got {rounding!r}")
        self.scale = scale
        self.rounding = rounding
        self.pairs = ImageCache(cache_mb)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Adds ``img`` (H/scale x W/scale x C) and crops ``gt`` to multiples of the scale."""
        scale = self.scale or results.get("scale")
        if not scale:
            raise ValueError("GenerateLR has no scale; set it here or on the dataset")
        gt, lr = self._pair(results, int(scale))
        results.update(gt=gt, img=lr, scale=int(scale), ori_img_shape=lr.shape)
        results.setdefault("img_path", results.get("gt_path"))
        results["img_channel_order"] = results.get("gt_channel_order", "rgb")
        results["img_color_type"] = results.get("gt_color_type", "color")
        return results

    def _pair(
        self, results: dict[str, Any], scale: int
    ) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        gt = results["gt"]
        if not self.pairs.capacity:
            return self._make(gt, scale)
        if gt.shape != results["ori_gt_shape"]:
            raise ValueError(
                f"GenerateLR caches whole images, but gt of {results['gt_path']} was cropped to "
                f"{gt.shape[:2]}; move GenerateLR before the crop or set cache_mb=0"
            )
        key = (results["gt_path"], scale)
        cached = self.pairs.get(key)
        if cached is None:
            cached = self._make(gt, scale)
            self.pairs.put(key, cached)
        return cached[0], cached[1]

    def _make(
        self, gt: NDArray[np.generic], scale: int
    ) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        gt = modcrop(gt, scale)
        if self.rounding == "uint8":
            return gt, matlab_resize(gt, scale=1 / scale)
        return gt, matlab_resize(gt.astype(np.float64), scale=1 / scale).astype(np.float32)

    def __repr__(self) -> str:
        return f"GenerateLR(scale={self.scale}, rounding={self.rounding!r})"
