"""A bounded memory of decoded images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

__all__ = ["ImageCache"]

Images = tuple[NDArray[np.generic], ...]


class ImageCache:
    """Keeps the most recently used images within a number of megabytes.

    What it returns is shared and marked read-only: an in-place transform that forgets to copy fails
    instead of quietly corrupting every later epoch. Each data loader worker has a cache of its own.

    Args:
        megabytes: upper bound of what is kept; 0 keeps nothing.
    """

    def __init__(self, megabytes: float) -> None:
        if megabytes < 0:
            raise ValueError(f"cache size must not be negative, got {megabytes} MB")
        self.capacity = int(megabytes * 2**20)
        self.used = 0
        self._images: OrderedDict[Hashable, Images] = OrderedDict()

    def __len__(self) -> int:
        return len(self._images)

    def get(self, key: Hashable) -> Images | None:
        """The images stored under ``key``, or None."""
        images = self._images.get(key)
        if images is not None:
            self._images.move_to_end(key)
        return images

    def put(self, key: Hashable, images: Images) -> None:
        """Stores images, dropping the least recently used ones when the bound is reached."""
        size = sum(image.nbytes for image in images)
        if size > self.capacity or key in self._images:
            return
        for image in images:
            image.setflags(write=False)
        self._images[key] = images
        self.used += size
        while self.used > self.capacity:
            _, dropped = self._images.popitem(last=False)
            self.used -= sum(image.nbytes for image in dropped)
