"""Colour conversions inside a pipeline."""

from __future__ import annotations

from typing import Any

from mmcv.transforms import BaseTransform

from mmsrkd.datasets.colour import rgb_to_y
from mmsrkd.registry import TRANSFORMS

__all__ = ["RGBToY"]


@TRANSFORMS.register_module()
class RGBToY(BaseTransform):
    """Replaces an RGB or BGR image by its BT.601 luma, HxWx1.

    An image read from a greyscale file keeps its values.

    Args:
        key: which image.
        rounded: round to whole numbers and return uint8 (the SRCNN protocol measures this image);
            False returns float32.
    """

    def __init__(self, key: str = "gt", rounded: bool = True) -> None:
        self.key = key
        self.rounded = rounded

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Replaces the image and marks it as greyscale for the data preprocessor."""
        order = results.get(f"{self.key}_channel_order", "rgb")
        grey = results.get(f"{self.key}_is_grey", False)
        luma = rgb_to_y(results[self.key], order, rounded=self.rounded, full_range=grey)
        results[self.key] = luma[..., None].astype("uint8" if self.rounded else "float32")
        results[f"ori_{self.key}_shape"] = results[self.key].shape
        results[f"{self.key}_color_type"] = "grayscale"
        return results
