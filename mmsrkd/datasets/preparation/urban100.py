"""Urban100 out of the folders it is published in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.preparation.copying import copy_file, read_image, record_of, write_manifest

__all__ = ["find_urban100", "prepare_urban100"]

#: ``img_001.png``, or ``img_001_SRF_4_HR.png`` beside LR images of the same name.
_NAME = re.compile(r"(img_\d{3})(?:_SRF_\d_HR)?")
EXPECTED_COUNT = 100


def find_urban100(folder: Path) -> dict[str, Path]:
    """List the HR images by their short name, ``img_001``.

    Args:
        folder: ``image_SRF_4`` of the authors' archive, or a folder of ``img_001.png``.

    Raises:
        MissingDataError: it has none.
    """
    images = list_images(folder) if folder.is_dir() else []
    named = {match[1]: path for path in images if (match := _NAME.fullmatch(path.stem))}
    if not named:
        raise MissingDataError(
            f"no Urban100 image in {folder.absolute()} ({len(images)} images of other names); name "
            "the folder that has img_001_SRF_4_HR.png, or img_001.png"
        )
    return named


def prepare_urban100(images: dict[str, Path], root: Path) -> dict[str, Any]:
    """Copy to ``sr/Urban100/HR/img_001.png``; returns the manifest, which is also written.

    Raises:
        BrokenImageError: an image cannot be read.
    """
    folder = root / "sr" / "Urban100"
    records = []
    for name, source in images.items():
        path = folder / "HR" / f"{name}{source.suffix.lower()}"
        copy_file(source, path)
        records.append(record_of(path, folder, read_image(source), source.name))
    return write_manifest(folder, {"source": "Urban100"}, records)
