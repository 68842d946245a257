"""The demo's config and its training."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from mmengine.config import Config

from mmsrkd.apis.demo.progress import stop_progress
from mmsrkd.apis.train import train

CONFIG = Path("configs/lgrnet/lgrnet_kd_x2_demo.py")
_REPOSITORY = Path(__file__).resolve().parents[3]


def demo_config(out: Path, iters: int | None = None) -> Config:
    """Return the demo's config, writing under ``out`` and reading the pictures there.

    Args:
        out: Folder of the demo.
        iters: Number of steps; the config's by default. The schedule is stretched to it.

    Raises:
        ValueError: If there are too few steps for a schedule.
    """
    config = Config.fromfile(_REPOSITORY / CONFIG)
    iters = config.max_iters if iters is None else iters
    if iters < 2:
        raise ValueError(f"--iters must be at least 2, got {iters}")
    warm_up = max(iters // 20, 1)
    config.max_iters, config.warm_up = iters, warm_up
    config.train_cfg.max_iters = iters
    rise, fall = config.param_scheduler
    rise.end = fall.begin = warm_up
    fall.end = iters
    hooks = config.default_hooks
    hooks.logger.interval = min(hooks.logger.interval, max(iters // 30, 1))
    config.log_processor.window_size = hooks.logger.interval
    config.work_dir = str(out / "train")
    config.launcher = "none"
    data = str(out / "data")
    config.train_dataloader.dataset.data_root = data
    for loader in config.test_dataloader:
        loader.dataset.data_root = data
    return config


def config_key(config: Config) -> str:
    """Short hash of everything in a config."""
    text = json.dumps(config.to_dict(), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def train_student(config: Config) -> dict[str, Any]:
    """Train, or go on with a training that was interrupted.

    Returns:
        The checkpoint's path, and the steps that were trained.
    """
    config = config.copy()
    config.custom_hooks = [
        *config.custom_hooks,
        {"type": "TerminalProgressHook", "title": "training"},
    ]
    try:
        runner = train(config, resume="auto")
    finally:
        stop_progress()
    checkpoint = Path(config.work_dir) / f"iter_{runner.max_iters}.pth"
    return {"checkpoint": str(checkpoint), "iterations": runner.max_iters}


def forget_training(config: Config) -> None:
    """Remove what a training under other settings has left."""
    shutil.rmtree(config.work_dir, ignore_errors=True)
