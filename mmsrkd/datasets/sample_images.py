"""A handful of free pictures that any installation already has.

The wheel of scikit-image carries photographs and textures that may be used freely (each one's
origin and licence is in the docstrings of ``skimage.data``). They are enough to show that training
works and to test with, and too few to prove anything.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from pathlib import Path
from typing import Any

import cv2

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError
from mmsrkd.datasets.resize import modcrop

__all__ = ["HELD_OUT", "TRAIN", "sample_image_folder", "write_sample_images"]

# The split is by picture, so nothing of a held-out one is ever trained on. The right-hand view of
# the stereo pair is left out: it would only repeat the left one.
TRAIN = (
    "motorcycle_left.png",
    "rocket.jpg",
    "ihc.png",
    "hubble_deep_field.jpg",
    "brick.png",
    "camera.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "page.png",
    "text.png",
)
HELD_OUT = ("astronaut.png", "chelsea.png", "coffee.png")
_MULTIPLE = 12  # divisible by every scale, so that no set-up has to cut further


def sample_image_folder() -> Path:
    """Folder of the pictures inside the installed scikit-image; nothing is downloaded.

    Raises:
        MissingDataError: scikit-image is not installed, or came without its data.
    """
    spec = importlib.util.find_spec("skimage")
    if spec is None or spec.origin is None:
        raise MissingDataError(
            "the sample images come with scikit-image, which is not installed; run "
            "`pip install scikit-image`"
        )
    folder = Path(spec.origin).parent / "data"
    absent = [name for name in TRAIN + HELD_OUT if not (folder / name).is_file()]
    if absent:
        raise MissingDataError(
            f"{', '.join(absent)} not found in {folder}; this scikit-image was packaged without "
            "its data, install the wheel of 0.26.0 from PyPI"
        )
    return folder


def write_sample_images(folder: str | Path) -> dict[str, Any]:
    """Writes the pictures as PNG and returns the manifest, which is also written.

    Layout: ``train/<name>.png``, ``HeldOut/HR/<name>.png`` (a test set called HeldOut) and
    ``manifest.json``. Pictures are cut to multiples of 12 pixels, greyscale ones stay so. A file
    that is already right is left alone; each one appears whole or not at all.

    Args:
        folder: where to write; made if needed.

    Returns:
        ``{"source": ..., "files": [{"file", "split", "origin", "height", "width", "bytes",
        "sha256"}, ...]}``.
    """
    source = sample_image_folder()
    target = Path(folder).expanduser()
    files = []
    for split, place, names in (("train", "train", TRAIN), ("held-out", "HeldOut/HR", HELD_OUT)):
        for name in names:
            data, height, width = _encode(source / name)
            relative = f"{place}/{Path(name).stem}.png"
            _write_if_different(target / relative, data)
            files.append(
                {
                    "file": relative,
                    "split": split,
                    "origin": f"skimage/data/{name}",
                    "height": height,
                    "width": width,
                    "bytes": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                }
            )
    version = importlib.metadata.version("scikit-image")
    manifest = {"source": f"scikit-image {version}", "files": files}
    _write_if_different(target / "manifest.json", json.dumps(manifest, indent=1).encode())
    return manifest


def _encode(path: Path) -> tuple[bytes, int, int]:
    image = cv2.imread(str(path), cv2.IMREAD_ANYCOLOR)
    if image is None:
        raise BrokenImageError(f"cannot read image {path}; reinstall scikit-image")
    image = modcrop(image, _MULTIPLE)
    _, data = cv2.imencode(".png", image)
    return data.tobytes(), image.shape[0], image.shape[1]


def _write_if_different(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write_bytes(path, data)
