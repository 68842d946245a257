"""Pictures as users have them: grey, colour, with alpha, 8 or 16 bits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.errors import BrokenImageError

__all__ = ["encode_png", "read_picture", "write_png"]

_JPEG = (".jpg", ".jpeg")
_TO_RGB = {3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGBA}
_TO_BGR = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}


def read_picture(path: Path) -> NDArray[Any]:
    """Read a picture with everything that is in it.

    The turn that a camera notes in a JPEG is applied; a colour profile is not, and is not kept.

    Returns:
        HxW, HxWx3 (RGB) or HxWx4 (RGBA), uint8 or uint16.

    Raises:
        FileNotFoundError: No such file.
        BrokenImageError: It cannot be decoded, or its pixels are of another type.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no image {path}; check the name")
    anything = cv2.IMREAD_ANYDEPTH | cv2.IMREAD_ANYCOLOR
    # IMREAD_UNCHANGED keeps alpha but forgets the camera's orientation; a JPEG has no alpha
    flags = anything if path.suffix.lower() in _JPEG else cv2.IMREAD_UNCHANGED
    data = np.frombuffer(path.read_bytes(), np.uint8)
    image = cv2.imdecode(data, flags) if data.size else None
    if image is None:
        raise BrokenImageError(
            f"cannot read image {path} ({data.size} bytes); replace or remove it"
        )
    if image.dtype not in (np.uint8, np.uint16):
        raise BrokenImageError(f"{path} has {image.dtype} pixels; save it with 8 or 16 bits")
    if image.ndim == 3 and image.shape[2] not in _TO_RGB:
        raise BrokenImageError(
            f"{path} has {image.shape[2]} channels; save it as grey, RGB or RGBA"
        )
    return image if image.ndim == 2 else cv2.cvtColor(image, _TO_RGB[image.shape[2]])


def encode_png(image: NDArray[Any], compression: int = 6) -> bytes:
    """Encode HxW, HxWx3 (RGB) or HxWx4 (RGBA), uint8 or uint16."""
    if image.ndim == 3:
        image = cv2.cvtColor(image, _TO_BGR[image.shape[2]])
    _, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, compression])
    return data.tobytes()


def write_png(path: Path, image: NDArray[Any]) -> None:
    """Write a PNG atomically."""
    atomic_write_bytes(path, encode_png(image))
