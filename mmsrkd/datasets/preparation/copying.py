"""Copying images into the folders that configs look in, with a record of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.depth import eight_bits, uses_little
from mmsrkd.datasets.errors import BrokenImageError, DataError

__all__ = ["copy_file", "encode", "read_image", "record_of", "require_settings", "write_manifest"]

Record = dict[str, Any]


def read_image(path: Path, range_16bit: tuple[int, int] | None = None) -> NDArray[np.uint8]:
    """Read HxW or HxWx3 (BGR) with 8 bits; 16 bits are scaled as `LoadCheckedImage` does.

    Raises:
        BrokenImageError: It cannot be decoded.
        DataError: It would become nearly black, and for good, since a set is written of it.
    """
    image = cv2.imread(str(path), cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
    if image is None:
        raise BrokenImageError(f"cannot read image {path}; replace it")
    if image.dtype != np.uint16:
        return image
    if range_16bit is None and uses_little(image):
        raise DataError(
            f"16-bit image {path} uses only {image.min()}..{image.max()} of 0..65535 and would "
            "become nearly black; say what is black and what white, the same for the whole set, "
            "with --range-16bit LOW HIGH (0 65535 if it is so dark)"
        )
    return eight_bits(image, range_16bit, str(path))


def encode(image: NDArray[np.uint8]) -> bytes:
    """Encode HxW or HxWx3 (BGR) as PNG."""
    return cv2.imencode(".png", image)[1].tobytes()


def copy_file(source: Path, target: Path) -> None:
    """Copy byte by byte unless a file of that size is there; never leaves half a file."""
    if target.is_file() and target.stat().st_size == source.stat().st_size:
        return
    atomic_write_bytes(target, source.read_bytes())


def record_of(path: Path, root: Path, image: NDArray[Any], origin: str) -> Record:
    """What a manifest says of one file."""
    data = path.read_bytes()
    return {
        "file": path.relative_to(root).as_posix(),
        "origin": origin,
        "height": image.shape[0],
        "width": image.shape[1],
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def require_settings(folder: Path, settings: Record) -> None:
    """Note with what settings a folder is made; a resumed run has to have the same.

    Raises:
        DataError: The folder was begun with others.
    """
    path = folder / "settings.json"
    text = json.dumps(settings, indent=1, sort_keys=True)
    if path.is_file() and path.read_text(encoding="utf-8") != text:
        before, now = json.loads(path.read_text(encoding="utf-8")), json.loads(text)
        changed = [f"{k}={before.get(k)} (now {v})" for k, v in now.items() if before.get(k) != v]
        raise DataError(
            f"{folder} was begun with {', '.join(changed)}; use the same settings, or another "
            "output folder"
        )
    atomic_write_bytes(path, text.encode())


def write_manifest(folder: Path, head: Record, files: Sequence[Record]) -> Record:
    """Write ``manifest.json`` with the files in order of their names; returns what it says."""
    manifest = {**head, "files": sorted(files, key=lambda entry: entry["file"])}
    atomic_write_bytes(folder / "manifest.json", json.dumps(manifest, indent=1).encode())
    return manifest
