from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
import torch
from mmengine.config import Config

from mmsrkd.datasets.sample_images import sample_image_folder
from mmsrkd.registry import MODELS

TINY = {
    "lgrnet": {"type": "LGRNet", "channels": 8, "num_blocks": 2, "scale": 2},
    "lgrnet_x3_prelu": {
        "type": "LGRNet",
        "channels": 8,
        "num_blocks": 2,
        "scale": 3,
        "activation": "prelu",
    },
    "span": {"type": "SPAN", "channels": 8, "num_blocks": 2, "scale": 2, "img_range": 1.0},
    "edsr": {
        "type": "EDSRNet",
        "in_channels": 3,
        "out_channels": 3,
        "upscale_factor": 2,
        "mid_channels": 8,
        "num_blocks": 2,
    },
}


def plain_config(generator: dict[str, Any]) -> Config:
    """Config of a plain editor around a network."""
    preprocessor = {"type": "DataPreprocessor", "mean": [0.0] * 3, "std": [255.0] * 3}
    model = {
        "type": "BaseEditModel",
        "generator": generator,
        "pixel_loss": {"type": "L1Loss"},
        "data_preprocessor": preprocessor,
    }
    return Config({"model": model, "default_scope": "mmsrkd"})


@pytest.fixture(autouse=True)
def set5(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for Set5, which exports are proven on: one small real picture."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "sr" / "Set5" / "HR"
    folder.mkdir(parents=True)
    cat = cv2.imread(str(sample_image_folder() / "chelsea.png"))[60:156, 100:210]
    cv2.imwrite(str(folder / "cat.png"), cat)
    monkeypatch.setenv("MMSRKD_DATA", str(root))
    return folder


Trained = Callable[[str], tuple[Config, Path]]


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """Give config and training checkpoint of a tiny network with random weights."""

    def make(name: str) -> tuple[Config, Path]:
        torch.manual_seed(0)
        network = MODELS.build(dict(TINY[name]))
        state = {f"generator.{key}": value for key, value in network.state_dict().items()}
        path = tmp_path / "iter_1.pth"
        torch.save({"state_dict": state, "meta": {"iter": 1}}, path)
        return plain_config(TINY[name]), path

    return make
