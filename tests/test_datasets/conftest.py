from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.resize import matlab_resize


def write_image(path: Path, height: int, width: int, seed: int = 0) -> Path:
    """A smooth random RGB picture, so that resizing keeps something of it."""
    rng = np.random.default_rng([seed, height, width])
    coarse = rng.integers(0, 256, (max(height // 4, 2), max(width // 4, 2), 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), matlab_resize(coarse, size=(height, width)))
    return path


@pytest.fixture
def hr_folder(tmp_path: Path) -> Path:
    """Data root with five HR images of different size in ``hr``."""
    for number, (height, width) in enumerate([(40, 52), (48, 40), (64, 41), (50, 50), (44, 60)]):
        write_image(tmp_path / "hr" / f"im{number}.png", height, width, seed=number)
    return tmp_path
