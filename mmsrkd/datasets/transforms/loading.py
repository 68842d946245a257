"""Reading images."""

from __future__ import annotations

import cv2
import numpy as np
from mmagic.datasets.transforms import LoadImageFromFile
from numpy.typing import NDArray

from mmsrkd.datasets.cache import ImageCache
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError
from mmsrkd.registry import TRANSFORMS

__all__ = ["LoadCheckedImage"]


@TRANSFORMS.register_module()
class LoadCheckedImage(LoadImageFromFile):
    """Reads ``{key}_path`` as an HxWx3 RGB uint8 image; a broken file is named in the error.

    Greyscale files become three equal channels, an alpha channel is dropped.

    Args:
        key: which image, 'gt' (HR) or 'img' (LR).
        cache_mb: keep this many megabytes of decoded images in memory. A cached image is read-only;
            cut a patch with :class:`PairedPatchCrop`, which copies, before anything changes it.

    Raises:
        MissingDataError: the file is not there.
        BrokenImageError: the file cannot be read or decoded, or is cut short.
    """

    def __init__(self, key: str, cache_mb: float = 0) -> None:
        super().__init__(key=key, color_type="color", channel_order="rgb")
        self.images = ImageCache(cache_mb)

    def _load_image(self, filename: str) -> NDArray[np.uint8]:
        cached = self.images.get(filename)
        if cached is not None:
            return cached[0]
        image = self._decode(filename)
        self.images.put(filename, (image,))
        return image

    def _decode(self, filename: str) -> NDArray[np.uint8]:
        fix = "replace the file, or set skip_broken=True on the dataset to go on without it"
        try:
            image = super()._load_image(filename)
        except FileNotFoundError:
            raise MissingDataError(
                f"image file not found: {filename} ({self.key}_path); it was there when the folder "
                "was listed, restore it"
            ) from None
        except (cv2.error, OSError) as error:
            cause = error if isinstance(error, OSError) else "not a complete image"
            raise BrokenImageError(f"cannot read image {filename}: {cause}; {fix}") from None
        if image is None:
            raise BrokenImageError(f"cannot read image {filename}: not a complete image; {fix}")
        return image
