"""Invariant 5: kill and resume at any step gives the weights of the uninterrupted run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.datasets.sr_dataset import GeneratedSRDataset
from tests import tiny

STEPS = 7


class KilledError(Exception):
    pass


class KillHook(Hook):
    """Stops the run after the weights moved and before anything was saved."""

    priority = "HIGHEST"

    def __init__(self, step: int) -> None:
        self.step = step

    def after_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        if runner.iter == self.step:
            raise KilledError


def config(folder: Path, name: str) -> Config:
    """A run whose loss, like dropout, draws random numbers in every step."""
    cfg = tiny.train_config(folder, tiny.model_config(tiny.distill_block(folder)), steps=STEPS)
    cfg.model.pixel_loss = {"type": "NoisyL1"}
    cfg.work_dir = str(folder / name)
    cfg.experiment_name = uuid.uuid4().hex  # runs of the same second would share their log
    return cfg


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, torch.Tensor]]:
    from mmsrkd.registry import MODELS

    class NoisyL1(torch.nn.Module):
        loss_weight = 0.5

        def forward(self, out: torch.Tensor, gt: torch.Tensor) -> torch.Tensor:
            return (out + 0.01 * torch.randn_like(out) - gt).abs().mean()

    MODELS.register_module(name="NoisyL1", module=NoisyL1, force=True)
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("resume")
    return folder, tiny.weights(train(config(folder, "whole")))


@pytest.mark.parametrize("step", [0, 2, 3, 5])
def test_stopped_at_a_step(reference: tuple[Path, dict], step: int) -> None:
    folder, expected = reference
    cfg = config(folder, f"stopped{step}")
    cfg.custom_hooks.append({"type": KillHook, "step": step})
    with pytest.raises(KilledError):
        train(cfg)
    resumed = tiny.weights(train(config(folder, f"stopped{step}"), resume="auto"))
    assert all(torch.equal(resumed[key], expected[key]) for key in expected)


@pytest.mark.parametrize("seed", [None, 12])
def test_the_seed_of_the_checkpoint_wins(reference: tuple[Path, dict], seed: int | None) -> None:
    folder, expected = reference
    cfg = config(folder, f"seed{seed}")
    cfg.custom_hooks.append({"type": KillHook, "step": 3})
    with pytest.raises(KilledError):
        train(cfg)
    again = config(folder, f"seed{seed}")
    again.randomness = {"seed": seed}
    resumed = tiny.weights(train(again, resume="auto"))
    assert all(torch.equal(resumed[key], expected[key]) for key in expected)


def test_resuming_twice_with_other_numbers_of_workers(reference: tuple[Path, dict]) -> None:
    folder, expected = reference
    for step, workers in ((2, 1), (5, 0)):
        cfg = config(folder, "twice")
        cfg.train_dataloader.update(num_workers=workers)
        cfg.custom_hooks.append({"type": KillHook, "step": step})
        with pytest.raises(KilledError):
            train(cfg, resume="auto")
    resumed = tiny.weights(train(config(folder, "twice"), resume="auto"))
    assert all(torch.equal(resumed[key], expected[key]) for key in expected)


def test_cost_does_not_grow_with_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late or early, resuming reads the next batch alone, and no log of all steps before."""
    late = 100_000
    cfg = tiny.train_config(tmp_path, tiny.model_config(), steps=2)
    train(cfg)
    checkpoint = read_checkpoint(tmp_path / "work/iter_2.pth")
    checkpoint["meta"]["iter"] = late
    scalars = checkpoint["message_hub"]["log_scalars"]
    for name in scalars:
        scalars[name] = HistoryBuffer([0.0] * late, [1] * late)
    torch.save(checkpoint, tmp_path / "late.pth")

    read = []
    load = GeneratedSRDataset.__getitem__
    monkeypatch.setattr(
        GeneratedSRDataset, "__getitem__", lambda self, i: read.append(i) or load(self, i)
    )
    longer = tiny.train_config(tmp_path, tiny.model_config(), steps=late + 1)
    longer.experiment_name = uuid.uuid4().hex
    train(longer, resume=str(tmp_path / "late.pth"))
    assert [draw.position for draw in read] == [2 * late, 2 * late + 1]
    saved = tmp_path / f"work/iter_{late + 1}.pth"
    assert saved.stat().st_size < (tmp_path / "late.pth").stat().st_size / 10


def test_kill_9_at_a_random_step(tmp_path: Path, repository: Path) -> None:
    model = tiny.model_config(tiny.distill_block(tmp_path))
    cfg = tiny.train_config(tmp_path, model, steps=60)
    cfg.default_hooks.checkpoint.interval = 3
    cfg.dump(tmp_path / "config.py")

    def run(work: str, *flags: str) -> subprocess.Popen[bytes]:
        script = [sys.executable, str(repository / "tools/train.py"), str(tmp_path / "config.py")]
        return subprocess.Popen(
            [*script, "--work-dir", str(tmp_path / work), *flags],
            cwd=repository,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    victim = run("killed")
    while not list((tmp_path / "killed").glob("iter_*.pth")) and victim.poll() is None:
        time.sleep(0.02)
    time.sleep(random.uniform(0, 0.6))
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    if (tmp_path / "killed/iter_60.pth").exists():
        pytest.skip("the run was over before the signal")
    again = run("killed", "--resume")
    cfg.work_dir = str(tmp_path / "whole")
    expected = train(cfg).model.state_dict()
    assert again.wait() == 0
    resumed = read_checkpoint(tmp_path / "killed/iter_60.pth")["state_dict"]
    assert all(torch.equal(resumed[key], expected[key]) for key in expected)
