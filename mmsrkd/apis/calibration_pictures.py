"""Pictures that ranges are found with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from mmsrkd.datasets.folders import require_folder
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.datasets.sample_images import TRAIN, sample_image_folder
from mmsrkd.datasets.transforms.loading import LoadCheckedImage
from mmsrkd.models.distillation.main_image import main_image


def calibration_pictures(
    network: nn.Module,
    folder: str | os.PathLike[str] | None,
    as_is: bool,
    limit: int,
    size: int,
) -> Iterator[Tensor]:
    """Yield (1, 3, H, W) pictures in [0, 1] of at most ``size`` x ``size``."""
    if folder is None:
        files: Sequence[Path] = [sample_image_folder() / name for name in TRAIN]
    else:
        what = "the pictures to calibrate with"
        files = require_folder(Path(folder), what, fix="name one that has some with --calib")
    if limit < 1:
        raise ValueError(f"--limit must be 1 or more pictures, got {limit}")
    scale = 1 if as_is else _scale_of(network)
    step = max(1, len(files) // limit)
    for path in list(files)[::step][:limit]:
        image = LoadCheckedImage(key="gt").transform({"gt_path": str(path)})["gt"]
        if min(image.shape[:2]) < scale:
            height, width = image.shape[:2]
            raise ValueError(
                f"{path} has {width}x{height} pixels, too few to reduce by {scale}: leave it out "
                "of the folder, or feed the pictures as they are with --as-is"
            )
        lr = matlab_resize(_middle(modcrop(image, scale), size * scale), 1 / scale)
        yield torch.from_numpy(lr.transpose(2, 0, 1)[None].astype(np.float32) / 255)


def _middle(image: Any, size: int) -> Any:
    top, left = (max(0, (side - size) // 2) for side in image.shape[:2])
    return image[top : top + size, left : left + size]


@torch.no_grad()
def _scale_of(network: nn.Module) -> int:
    side = 32
    return int(main_image(network(torch.zeros(1, 3, side, side))).shape[-1] // side)
