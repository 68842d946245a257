"""With lambda 0, the network is that of the run without domain adaptation, bit for bit."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.apis.train import train
from tests import tiny
from tests.test_apis.test_multi_task_stages import DEBLUR, NETWORK, PIPELINE, SR

TAPS = {"trunk": {"path": "upsampler", "role": "input"}}
LEVELS = {"level0": "deblur.Encoder.0"}
STEPS = 6


def config(folder: Path, name: str, strength: dict[str, Any] | None, kind: str = "") -> Config:
    """A run on the source, or with a target of other length and lambda given by ``strength``."""
    model = tiny.model_config(tiny.distill_block(folder) if kind == "Distill" else None)
    if kind == "MultiTask":
        model |= {"type": "MultiTaskEditModel", "generator": NETWORK}
        model["pixel_loss"] = {"type": "TaskLosses", **DEBLUR, **SR}
    cfg = tiny.train_config(folder, model, steps=STEPS)
    if kind == "MultiTask":
        cfg.train_dataloader.dataset.merge({"scale": 4, "pipeline": PIPELINE})
    cfg.work_dir, cfg.experiment_name = str(folder / name), uuid.uuid4().hex
    if strength is not None:
        source = cfg.train_dataloader.dataset
        target = tiny.write_images(folder / "target", count=3, size=52)
        pair = {"type": "DomainPairDataset", "source": source}
        pair["target"] = {"type": "UnlabelledDataset", "data_root": str(target), "patch": 10}
        cfg.train_dataloader.dataset = pair
        cfg.model.type = f"Adapt{kind}EditModel"
        cfg.model.adapt = {"taps": LEVELS if kind == "MultiTask" else TAPS}
        cfg.custom_hooks.append({"type": "GradientReversalHook", **strength})
    return cfg


class KillHook(Hook):
    def after_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        if runner.iter == 3:
            raise InterruptedError


@pytest.mark.parametrize("kind", ["", "Distill", "MultiTask"])
def test_lambda_zero_run_is_the_run_on_the_source(tmp_path: Path, kind: str) -> None:
    zero = {"kind": "constant", "maximum": 0.0}
    adapted = tiny.weights(train(config(tmp_path, "zero", zero, kind)))
    plain = tiny.weights(train(config(tmp_path, "plain", None, kind)))
    moved = tiny.weights(train(config(tmp_path, "one", {"maximum": 1.0}, kind)))
    assert adapted.keys() == plain.keys()
    assert all(torch.equal(adapted[key], plain[key]) for key in plain)
    assert any(not torch.equal(moved[key], plain[key]) for key in plain)


@pytest.mark.parametrize("kind", ["", "MultiTask"])
def test_a_killed_run_goes_on_with_lambda_classifier_and_target(tmp_path: Path, kind: str) -> None:
    whole = train(config(tmp_path, "whole", {"maximum": 0.5}, kind)).model.state_dict()
    killed = config(tmp_path, "killed", {"maximum": 0.5}, kind)
    killed.custom_hooks.append({"type": KillHook})
    with pytest.raises(InterruptedError):
        train(killed)
    again = train(config(tmp_path, "killed", {"maximum": 0.5}, kind), resume="auto")
    resumed = again.model.state_dict()
    assert any(key.startswith("domain.classifiers") for key in whole)
    assert all(torch.equal(resumed[key], whole[key]) for key in whole)
