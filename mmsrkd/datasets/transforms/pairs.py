"""What concerns an LR image and its HR partner together."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform

from mmsrkd.datasets.errors import ImageTooSmallError, SizeMismatchError
from mmsrkd.registry import TRANSFORMS

__all__ = ["CheckPair", "PairedPatchCrop", "check_pair"]


def check_pair(results: dict[str, Any]) -> None:
    """Checks that ``gt`` is exactly ``scale`` times as high and wide as ``img``.

    Raises:
        SizeMismatchError: names both files, both sizes and the size expected.
    """
    scale = results["scale"]
    lr_height, lr_width = results["img"].shape[:2]
    height, width = results["gt"].shape[:2]
    if (height, width) == (lr_height * scale, lr_width * scale):
        return
    if scale == 1:
        raise SizeMismatchError(
            f"size mismatch: degraded {results.get('img_path')} is {lr_height}x{lr_width} (HxW), "
            f"sharp {results.get('gt_path')} is {height}x{width}; both must have one size, remake "
            "or remove the pair"
        )
    raise SizeMismatchError(
        f"LR/HR size mismatch: LR {results.get('img_path')} is {lr_height}x{lr_width} (HxW), HR "
        f"{results.get('gt_path')} is {height}x{width} after modcrop, but x{scale} needs "
        f"{lr_height * scale}x{lr_width * scale}; correct the scale or remake the LR from this HR"
    )


@TRANSFORMS.register_module()
class CheckPair(BaseTransform):
    """Refuses an LR image that does not fit its HR partner (see :func:`check_pair`)."""

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Returns ``results`` unchanged."""
        check_pair(results)
        return results


@TRANSFORMS.register_module()
class PairedPatchCrop(BaseTransform):
    """Cuts one random patch from ``img`` and the matching one from ``gt``.

    Unlike mmagic's PairedRandomCrop it is sized on the LR grid, so one pipeline serves all scales;
    it copies the patches, so in-place transforms may follow cached images; and its errors name the
    file.

    Args:
        lr_patch: side of the LR patch in pixels; the HR patch is ``scale`` times that.
        alone: there is no ``gt``, only ``img``.

    Raises:
        SizeMismatchError: LR and HR do not fit.
        ImageTooSmallError: the image is smaller than the patch.
    """

    def __init__(self, lr_patch: int, alone: bool = False) -> None:
        if lr_patch < 1:
            raise ValueError(f"lr_patch must be at least 1 pixel, got {lr_patch}")
        self.lr_patch = lr_patch
        self.alone = alone

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Replaces ``img`` and ``gt``, and ``gt_deblur`` if there is one, by aligned patches."""
        factors = {"img": 1}
        if not self.alone:
            check_pair(results)
            factors["gt"] = results["scale"]
        if "gt_deblur" in results:  # of the size of `img`
            factors["gt_deblur"] = 1
        patch = self.lr_patch
        height, width = results["img"].shape[:2]
        if min(height, width) < patch:
            raise ImageTooSmallError(self._too_small(results))
        top = np.random.randint(height - patch + 1)
        left = np.random.randint(width - patch + 1)
        for key, factor in factors.items():
            rows = slice(top * factor, (top + patch) * factor)
            columns = slice(left * factor, (left + patch) * factor)
            results[key] = results[key][rows, columns].copy()
        return results

    def _too_small(self, results: dict[str, Any]) -> str:
        patch = self.lr_patch
        if self.alone:
            height, width = results["img"].shape[:2]
            return (
                f"image too small: {results.get('img_path')} is {height}x{width} (HxW), but the "
                f"patch is {patch}x{patch}; remove the file or set a smaller patch"
            )
        scale = results["scale"]
        height, width = results["gt"].shape[:2]
        return (
            f"image too small: {results.get('gt_path')} is {height}x{width} (HxW) after "
            f"modcrop, but a {patch}x{patch} LR patch at x{scale} needs at least "
            f"{patch * scale}x{patch * scale}; remove the file or set a smaller lr_patch"
        )

    def __repr__(self) -> str:
        return f"PairedPatchCrop(lr_patch={self.lr_patch})"
