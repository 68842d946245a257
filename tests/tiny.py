"""A training small enough to run many times in a test."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.config import Config
from mmengine.runner import Runner

CHANNELS = 8
_NUMBER = itertools.count()

TAPS = {
    "student": {
        "local1": "body.0",
        "local2": "body.1",
        "fused": {"path": "upsampler", "role": "input"},
    },
    "teacher": {
        "local1": "block_1",
        "local2": "block_2",
        "fused": {"path": "upsampler", "role": "input"},
    },
}
LOSSES: dict[str, Any] = {
    "loss_local": {
        "type": "FeatureL1Loss",
        "weight": 0.25,
        "args": {"student": "student.local*", "teacher": "R.local*"},
    },
    "loss_global": {
        "type": "HighFrequencyLoss",
        "weight": 0.25,
        "args": {"student": "student.fused", "teacher": "R.fused"},
    },
    "loss_teacher": {
        "type": "SoftTargetLoss",
        "weight": 0.25,
        "args": {"student": "student.out", "teacher": "teacher.out"},
    },
}


def student(**changes: Any) -> dict[str, Any]:
    """Network config of a two-block LGR-Net."""
    return {"type": "LGRNet", "channels": CHANNELS, "num_blocks": 2, "scale": 2, **changes}


def teacher_checkpoint(folder: Path, channels: int = 12) -> str:
    """Write a random two-block SPAN and return its path."""
    import torch

    from mmsrkd.models.networks import SPAN

    torch.manual_seed(7)
    network = SPAN(channels=channels, num_blocks=2, scale=2)
    path = folder / "teacher.pth"
    torch.save(network.state_dict(), path)
    return str(path)


def distill_block(folder: Path) -> dict[str, Any]:
    """Distillation block of LGR-Net with the random SPAN as teacher."""
    generator = {"type": "SPAN", "channels": 12, "num_blocks": 2, "scale": 2}
    return {
        "teachers": {"teacher": {"generator": generator, "checkpoint": teacher_checkpoint(folder)}},
        "taps": copy.deepcopy(TAPS),
        "adapters": {
            "R": {"type": "ChannelGroupMean", "on": "teacher.[lf]*", "like": "student.[lf]*"}
        },
        "losses": copy.deepcopy(LOSSES),
    }


def model_config(distill: dict[str, Any] | None = None, **generator: Any) -> dict[str, Any]:
    """Config of the plain or the distilling model; the same label loss in both."""
    model: dict[str, Any] = {
        "type": "BaseEditModel",
        "generator": student(**generator),
        "pixel_loss": {"type": "L1Loss", "loss_weight": 0.5, "reduction": "mean"},
        "data_preprocessor": {
            "type": "DataPreprocessor",
            "mean": [0.0, 0.0, 0.0],
            "std": [255.0, 255.0, 255.0],
        },
    }
    if distill is not None:
        model |= {"type": "DistillEditModel", "distill": distill}
    return model


def write_images(folder: Path, count: int = 5, size: int = 40) -> Path:
    """Write smooth random RGB images; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for index in range(count):
        small = rng.integers(0, 256, (size // 4, size // 4 + index, 3), dtype=np.uint8)
        image = cv2.resize(small, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(folder / f"image{index}.png"), image)
    return folder


def train_config(folder: Path, model: dict[str, Any], steps: int = 6, **changes: Any) -> Config:
    """Config of a run over random images: runtime settings are those every run has."""
    runtime = Path(__file__).resolve().parents[1] / "configs/_base_/runtime/default.py"
    config = Config.fromfile(runtime)
    images = folder / "images"
    if not images.exists():
        write_images(images)
    config.merge_from_dict(
        {
            "model": model,
            "train_dataloader": {
                "batch_size": 2,
                "num_workers": 0,
                "persistent_workers": False,
                "sampler": {"type": "ResumableInfiniteSampler"},
                "dataset": {
                    "type": "GeneratedSRDataset",
                    "data_root": str(images),
                    "scale": 2,
                    "pipeline": [
                        {"type": "LoadCheckedImage", "key": "gt"},
                        {"type": "GenerateLR"},
                        {"type": "PairedPatchCrop", "lr_patch": 12},
                        {"type": "Flip", "keys": ["img", "gt"], "direction": "horizontal"},
                        {"type": "PackInputs"},
                    ],
                },
            },
            "train_cfg": {"type": "IterBasedTrainLoop", "max_iters": steps, "val_interval": 10**9},
            "optim_wrapper": {
                "type": "OptimWrapper",
                "optimizer": {"type": "Adam", "lr": 1e-3},
            },
            "param_scheduler": {"type": "CosineAnnealingLR", "by_epoch": False},
            "default_hooks.checkpoint.interval": 2,
            "default_hooks.checkpoint.max_keep_ckpts": 3,
            "default_hooks.logger.interval": 1,
            "work_dir": str(folder / "work"),
            # runs that start in one second would share logger and message hub
            "experiment_name": f"tiny-{next(_NUMBER)}",
            "launcher": "none",
            "log_level": "WARNING",
            **changes,
        }
    )
    return config


def weights(runner: Runner) -> dict[str, Any]:
    """Student weights of a finished run."""
    return {k: v.detach().clone() for k, v in runner.model.generator.state_dict().items()}
