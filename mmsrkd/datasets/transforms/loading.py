"""Reading images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from numpy.typing import NDArray

from mmsrkd.datasets.cache import ImageCache
from mmsrkd.datasets.depth import check_range, eight_bits
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError
from mmsrkd.registry import TRANSFORMS

__all__ = ["LoadCheckedImage"]

_FIX = "replace the file, or set skip_broken=True on the training set to go on without it"


@TRANSFORMS.register_module()
class LoadCheckedImage(BaseTransform):
    """Reads ``{key}_path`` as an HxWx3 RGB uint8 image; a broken file is named in the error.

    A greyscale file becomes three equal channels and is marked by ``{key}_is_grey``, since its luma
    is measured differently; an alpha channel is dropped. The other keys are those of mmagic's
    LoadImageFromFile, which neither names a broken file nor marks a greyscale one.

    A 16-bit file is scaled to 8 bits by one line that is the same for every file, rounded and
    clipped. Thermal cameras write raw counts that fill a small part of 16 bits; ``range_16bit``
    says which. Stretching each file to its own minimum and maximum is not offered: the same
    temperature would get another grey in every image, noise of a flat scene would be blown up to
    full contrast, and a PSNR would mean something else for each.

    Args:
        key: which image, 'gt' (HR) or 'img' (LR).
        cache_mb: keep this many megabytes of decoded images in memory. A cached image is read-only;
            cut a patch with :class:`PairedPatchCrop`, which copies, before anything changes it.
        range_16bit: (low, high), the 16-bit values that become 0 and 255, such as
            (7000, 9500). None takes the whole range, (0, 65535), and warns of a file that uses less
            than a quarter of it. Nothing happens to 8-bit files.

    Raises:
        ValueError: ``range_16bit`` is not 0 <= low < high <= 65535.
        MissingDataError: the file is not there.
        BrokenImageError: the file cannot be read or decoded, or is cut short.
    """

    def __init__(
        self, key: str, cache_mb: float = 0, range_16bit: Sequence[int] | None = None
    ) -> None:
        self.key = key
        self.range_16bit = None if range_16bit is None else check_range(range_16bit)
        self.images = ImageCache(cache_mb)
        self._grey: set[str] = set()

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """Adds the image and what mmagic's data preprocessor wants to know about it."""
        path = str(results[f"{self.key}_path"])
        cached = self.images.get(path)
        image = self._decode(path) if cached is None else cached[0]
        self.images.put(path, (image,))
        results[self.key] = image
        results[f"{self.key}_is_grey"] = path in self._grey
        results[f"ori_{self.key}_shape"] = image.shape
        results[f"{self.key}_channel_order"] = "rgb"
        results[f"{self.key}_color_type"] = "color"
        return results

    def _decode(self, path: str) -> NDArray[np.generic]:
        try:
            data = np.frombuffer(Path(path).read_bytes(), np.uint8)
        except FileNotFoundError:
            raise MissingDataError(
                f"image file not found: {path} ({self.key}_path); it was there when the folder was "
                "listed, restore it"
            ) from None
        except OSError as error:
            raise BrokenImageError(f"cannot read image {path}: {error.strerror}; {_FIX}") from None
        flags = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH
        image = cv2.imdecode(data, flags) if data.size else None
        if image is None:
            cause = f"not a complete image ({data.size} bytes)"
            raise BrokenImageError(f"cannot read image {path}: {cause}; {_FIX}")
        if image.dtype == np.uint16:
            image = eight_bits(image, self.range_16bit, path)
        if image.dtype != np.uint8:
            cause = f"{image.dtype} pixels"
            raise BrokenImageError(f"cannot read image {path}: {cause}; save it with 8 or 16 bits")
        if image.ndim == 2:
            self._grey.add(path)
            return np.repeat(image[..., None], 3, axis=2)
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

    def __repr__(self) -> str:
        return f"LoadCheckedImage(key={self.key!r})"
