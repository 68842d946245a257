"""Making small images of those a pipeline has loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmcv.transforms import BaseTransform

from mmsrkd.datasets.errors import SizeMismatchError
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.registry import TRANSFORMS

__all__ = ["ReduceImages"]


@TRANSFORMS.register_module()
class ReduceImages(BaseTransform):
    """Reduces images by MATLAB's bicubic, so that what is blurred stays blurred.

    For super-resolution of blurred images: load ``gt`` and the blurred ``img`` of the same size and
    reduce ``img``; where deblurring has a truth too, copy ``gt`` to ``gt_deblur`` first (mmagic's
    ``CopyValues``) and reduce both. ``gt`` is cropped to multiples of the scale.

    Args:
        keys: images that are reduced, HxWxC, uint8.
        scale: by how much; None takes the dataset's, from ``results['scale']``.

    Raises:
        SizeMismatchError: an image has another size than ``gt``.
    """

    def __init__(self, keys: Sequence[str] = ("img",), scale: int | None = None) -> None:
        self.keys = tuple(keys)
        self.scale = scale

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Replaces the images by those of H/scale x W/scale."""
        scale = int(self.scale or results["scale"])
        gt = results["gt"]
        for key in self.keys:
            if results[key].shape != gt.shape:
                raise SizeMismatchError(
                    f"size mismatch: {key} of {results.get('img_path')} is "
                    f"{'x'.join(map(str, results[key].shape[:2]))}, the sharp "
                    f"{results.get('gt_path')} {'x'.join(map(str, gt.shape[:2]))} (HxW); both must "
                    "have one size, remake or remove the pair"
                )
            results[key] = matlab_resize(modcrop(results[key], scale), scale=1 / scale)
        results.update(gt=modcrop(gt, scale), scale=scale)
        return results

    def __repr__(self) -> str:
        return f"ReduceImages(keys={self.keys}, scale={self.scale})"
