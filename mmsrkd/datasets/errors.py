"""What can be wrong with image data, as errors that say cause, value and fix in one line.

Every class takes one message only, so that a data loader's worker process can hand it on.
"""

from __future__ import annotations

__all__ = [
    "BrokenImageError",
    "DataError",
    "ImageTooSmallError",
    "MissingDataError",
    "SizeMismatchError",
]


class DataError(ValueError):
    """Base of everything that is the data's fault, not the program's."""


class MissingDataError(DataError):
    """A dataset folder, or the partner of an image, is not there or is empty."""


class BrokenImageError(DataError):
    """A file that should be an image cannot be decoded."""


class SizeMismatchError(DataError):
    """A low-resolution image and its high-resolution partner do not belong together."""


class ImageTooSmallError(DataError):
    """An image is smaller than the patch that training wants to cut from it."""
