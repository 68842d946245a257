"""The pictures an export is proven on."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmsrkd.datasets.folders import require_folder
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.datasets.sample_images import HELD_OUT, sample_image_folder
from mmsrkd.datasets.transforms.loading import LoadCheckedImage

from .shapes import Shape


@dataclass(frozen=True)
class Pair:
    """A picture and what is fed for it.

    Attributes:
        name: File stem.
        hr: (3, H * scale, W * scale) uint8 RGB.
        lr: (N, 3, H', W') float32 in [0, 1]; the picture is its top left (H, W), each of N alike.
        grey: Whether the file is greyscale, whose luma is measured differently.
    """

    name: str
    hr: NDArray[np.generic]
    lr: NDArray[np.float32]
    grey: bool


def proof_files(folder: str | os.PathLike[str] | None = None) -> list[Path]:
    """Return the HR files of a folder.

    Args:
        folder: Where to look; None for Set5 under ``$MMSRKD_DATA`` (``data``), and without it for
            the three pictures of scikit-image that no training here sees.

    Raises:
        MissingDataError: If there is no image.
    """
    if folder is not None:
        what = "the images an export is proven on"
        return require_folder(Path(folder), what, fix="name one that has some with --images")
    set5 = Path(os.environ.get("MMSRKD_DATA", "data")) / "sr" / "Set5" / "HR"
    if set5.is_dir():
        return require_folder(set5, "the images an export is proven on")
    return [sample_image_folder() / name for name in HELD_OUT]


def make_pair(path: Path, scale: int, static: Shape | None) -> Pair:
    """Make the LR image of an HR file by the MATLAB-exact bicubic resize.

    For a static shape a larger picture is cut to its middle and a smaller one is continued by its
    mirror image, which is cut off the output again.

    Args:
        path: HR file.
        scale: Of the network; at 1 the picture itself is fed.
        static: (N, 3, H, W) of the only input there is, or None.
    """
    read = LoadCheckedImage(key="gt").transform({"gt_path": str(path)})
    hr = modcrop(read["gt"], scale)
    if static is not None:
        hr = _middle(hr, static[2] * scale, static[3] * scale)
    lr = matlab_resize(hr, 1 / scale) if scale > 1 else hr
    batch = lr.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    if static is not None:
        below, right = static[2] - lr.shape[0], static[3] - lr.shape[1]
        batch = np.pad(batch, ((0, 0), (0, 0), (0, below), (0, right)), mode="symmetric")
        batch = np.repeat(batch, static[0], axis=0)
    return Pair(path.stem, hr.transpose(2, 0, 1), np.ascontiguousarray(batch), read["gt_is_grey"])


def _middle(image: NDArray[np.generic], height: int, width: int) -> NDArray[np.generic]:
    top, left = (max(0, (a - b) // 2) for a, b in zip(image.shape, (height, width), strict=False))
    return image[top : top + height, left : left + width]
