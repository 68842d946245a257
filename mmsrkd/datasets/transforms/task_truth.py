"""Truths of samples that serve one task of two."""

from __future__ import annotations

from typing import Any

import numpy as np
from mmcv.transforms import BaseTransform

from mmsrkd.registry import TRANSFORMS

__all__ = ["DeblurTruthOnly"]


@TRANSFORMS.register_module()
class DeblurTruthOnly(BaseTransform):
    """Turns a deblurring pair into a sample of a set for deblurring and super-resolution.

    ``gt``, of the size of ``img``, becomes ``gt_deblur``; in its place comes a black image of
    ``scale`` times the size, since the samples of a batch need the same fields, and
    ``has_gt='deblur'`` says that it is no truth. Pack ``gt_deblur`` as data key and ``has_gt`` as
    meta key; the other samples of the set say ``has_gt=True`` (mmagic's ``SetValues``).

    Args:
        scale: of the super-resolution.
    """

    def __init__(self, scale: int) -> None:
        self.scale = scale

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Adds ``gt_deblur`` and ``has_gt``, replaces ``gt``."""
        sharp = results["gt"]
        height, width = sharp.shape[:2]
        black = np.zeros((height * self.scale, width * self.scale, *sharp.shape[2:]), sharp.dtype)
        results.update(gt_deblur=sharp, gt=black, has_gt="deblur", scale=self.scale)
        return results

    def __repr__(self) -> str:
        return f"DeblurTruthOnly(scale={self.scale})"
