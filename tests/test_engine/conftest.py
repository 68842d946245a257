"""Small runs, each with its own log, on one thread."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from tests import tiny

Build = Callable[..., Config]


@pytest.fixture(autouse=True)
def _one_thread(_plain_threads: None) -> None:
    torch.set_num_threads(1)


@pytest.fixture
def small(tmp_path: Path) -> Build:
    """Config of a plain run, or with ``kd=True`` a distilling one, of so many steps."""

    def build(steps: int = 4, *, kd: bool = False, name: str = "work", **changes: Any) -> Config:
        model = tiny.model_config(tiny.distill_block(tmp_path) if kd else None)
        changes = {key.replace("__", "."): value for key, value in changes.items()}
        cfg = tiny.train_config(tmp_path, model, steps, **changes)
        cfg.work_dir = str(tmp_path / name)
        cfg.experiment_name = uuid.uuid4().hex  # runs of the same second would share their log
        return cfg

    return build
