"""Bad input ends with one line that says cause, value and fix; nothing is lost."""

from __future__ import annotations

import errno
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
import torch
from mmengine.config import Config

from mmsrkd.checkpoints import read_checkpoint
from tests import tiny
from tests.test_apis.conftest import Tool

Change = Callable[[Config], object]


def write_config(folder: Path, change: Change = lambda _: None, *, kd: bool = False) -> Path:
    """Write a six-step run with a checkpoint every second step."""
    model = tiny.model_config(tiny.distill_block(folder) if kd else None)
    cfg = tiny.train_config(folder, model)
    change(cfg)
    cfg.dump(folder / "config.py")
    return folder / "config.py"


def add_benchmark(cfg: Config, root: Path) -> None:
    tiny.write_images(root / "Tiny/HR", count=1)
    data = {"type": "BenchmarkDataset", "data_root": str(root), "name": "Tiny", "scale": 2}
    metric = {"type": "RestorationPSNR", "scale": 2, "convert_to": "Y", "prefix": "Tiny"}
    sampler = {"type": "DefaultSampler", "shuffle": False}
    cfg.test_cfg = {"type": "MultiTestLoop"}
    cfg.test_dataloader = [{"batch_size": 1, "num_workers": 0, "sampler": sampler, "dataset": data}]
    cfg.test_evaluator = [{"type": "Evaluator", "metrics": [metric]}]


def paired(cfg: Config, folder: Path) -> None:
    """LR images that belong to another scale."""
    for path in (folder / "images").iterdir():
        image = cv2.imread(str(path))
        (folder / "lr").mkdir(exist_ok=True)
        cv2.imwrite(str(folder / "lr" / path.name), image[::4, ::4])
    dataset = cfg.train_dataloader.dataset
    dataset.update(type="PairedSRDataset", data_root=str(folder))
    dataset.update(gt_folder="images", img_folder="lr")
    dataset.pipeline[1] = {"type": "LoadCheckedImage", "key": "img"}


def set_(key: str, value: Any) -> Change:
    return lambda cfg: cfg.merge_from_dict({key: value})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            set_("train_dataloader.dataset.data_root", "nowhere/at/all"),
            r"folder .*/nowhere/at/all.* does not exist .*; set \$MMSRKD_DATA or data_root",
        ),
        (
            lambda c: c.train_dataloader.dataset.pipeline[2].update(lr_patch=64),
            r"image too small: .*/image\d\.png is 40x.* at least 128x128; .*smaller lr_patch",
        ),
        (set_("model.generator.type", "LGRNett"), "LGRNett is not in the model .*LGRNet"),
    ],
)
def test_data_and_names(tool: Tool, tmp_path: Path, change: Change, message: str) -> None:
    ended = tool("train", write_config(tmp_path, change))
    assert ended.code == 1
    assert re.search(message, ended.error)


def test_lr_and_hr_of_different_scales(tool: Tool, tmp_path: Path) -> None:
    ended = tool("train", write_config(tmp_path, lambda cfg: paired(cfg, tmp_path)))
    assert ended.code == 1
    assert re.search(r"size mismatch: LR .*lr/image.*10x.*HR .*images/image.*40x", ended.error)


@pytest.mark.parametrize("workers", [0, 1])
def test_unreadable_image_is_named(tool: Tool, tmp_path: Path, workers: int) -> None:
    """Also from a worker process, whose error comes as a traceback in a string."""
    config = write_config(tmp_path, set_("train_dataloader.num_workers", workers))
    broken = tmp_path / "images/image2.png"
    broken.write_bytes(broken.read_bytes()[:60])
    ended = tool("train", config)
    assert ended.code == 1
    assert ended.error.startswith(f"error: cannot read image {broken}: not a complete image")
    assert "skip_broken=True" in ended.error


def test_run_goes_on_without_the_unreadable_image(tool: Tool, tmp_path: Path) -> None:
    config = write_config(tmp_path, set_("train_dataloader.dataset.skip_broken", True))
    broken = tmp_path / "images/image2.png"
    broken.write_bytes(b"")
    ended = tool("train", config)
    assert ended.code == 0
    assert ended.out.count(f"cannot read image {broken}") == 1
    assert (tmp_path / "work/iter_6.pth").exists()


def wrong_scale(folder: Path) -> Path:
    from mmsrkd.registry import MODELS

    path = folder / "x4.pth"
    torch.save(MODELS.build(tiny.student(scale=4)).state_dict(), path)
    return path


def test_weights_of_another_scale(tool: Tool, tmp_path: Path) -> None:
    weights = wrong_scale(tmp_path)
    config = write_config(tmp_path, lambda cfg: add_benchmark(cfg, tmp_path / "sets"))
    for ended in (
        tool("test", config, weights),
        tool("train", config, "--cfg-options", f"load_from={weights}"),
    ):
        assert ended.code == 1
        assert ended.error.startswith(f"error: {weights} does not fit LGRNet: checkpoint is x4")
    assert not list((tmp_path / "work").glob("iter_*"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            set_("model.distill.taps.teacher.local1", "blok_1"),
            r"SPAN has no module 'blok_1'; nearest: block_1",
        ),
        (
            set_("model.distill.taps.student.local1", "bodi.0"),
            r"LGRNet has no module 'bodi\.0'; nearest: body\.0",
        ),
        (set_("model.distill.tabs", {}), r"distill: unknown key 'tabs'; nearest: taps"),
        (
            set_("model.distill.losses.loss_global.wieght", 1),
            r"loss_global: unknown key 'wieght'",
        ),
        (
            set_("model.distill.teachers.teacher.checkpoint", "gone.pth"),
            r"checkpoint gone\.pth not found",
        ),
    ],
)
def test_distillation_block(tool: Tool, tmp_path: Path, change: Change, message: str) -> None:
    ended = tool("train", write_config(tmp_path, change, kd=True))
    assert ended.code == 1
    assert re.search(message, ended.error)


class Harmful:
    """Pickled, it creates a file when it is loaded."""

    def __init__(self, proof: Path) -> None:
        self.proof = str(proof)

    def __reduce__(self) -> tuple[Any, ...]:
        return (open, (self.proof, "w"))


def test_checkpoint_that_runs_code(tool: Tool, tmp_path: Path) -> None:
    proof, bad = tmp_path / "it_ran", tmp_path / "work/iter_4.pth"
    config = write_config(tmp_path, lambda cfg: add_benchmark(cfg, tmp_path / "sets"))
    bad.parent.mkdir()
    meta = {"iter": 4, "epoch": 0, "note": Harmful(proof)}
    torch.save({"meta": meta, "state_dict": {}, "message_hub": {}}, bad)
    for ended in (
        tool("train", config, "--resume"),
        tool("train", config, "--resume", bad),
        tool("train", config, "--cfg-options", f"load_from={bad}"),
        tool("test", config, bad),
    ):
        assert ended.code == 1
        assert re.search(rf"checkpoint {bad} asks to load .*open.*refused", ended.error)
    assert not proof.exists()
    pickle.loads(pickle.dumps(Harmful(proof)))
    assert proof.exists(), "the checkpoint above was harmless and proved nothing"


def test_truncated_checkpoint_on_resume(tool: Tool, tmp_path: Path) -> None:
    config = write_config(tmp_path, kd=True)
    last = tmp_path / "work/iter_6.pth"
    assert tool("train", config).code == 0
    expected = read_checkpoint(last)["state_dict"]
    last.write_bytes(last.read_bytes()[:-2000])
    ended = tool("train", config, "--resume")
    assert ended.code == 0
    assert f"checkpoint {last} " in ended.out
    assert f"falling back to {last.with_name('iter_4.pth')}" in ended.out
    resumed = read_checkpoint(last)["state_dict"]
    assert all(torch.equal(resumed[key], expected[key]) for key in expected)


def test_no_sound_checkpoint_is_left(tool: Tool, tmp_path: Path) -> None:
    config = write_config(tmp_path)
    (tmp_path / "work").mkdir()
    for step in (2, 4):
        (tmp_path / f"work/iter_{step}.pth").write_bytes(b"PK no more")
    ended = tool("train", config, "--resume")
    assert ended.code == 1
    assert "none of the 2 checkpoints" in ended.error
    assert "remove them to start" in ended.error


@pytest.mark.parametrize("keep", [1, 3])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_disk_full_while_saving(
    tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, keep: int
) -> None:
    config = write_config(tmp_path, set_("default_hooks.checkpoint.max_keep_ckpts", keep))
    real, calls = getattr(os, call), []

    def fail_the_second_time(*args: Any) -> Any:
        calls.append(args)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args)

    with monkeypatch.context() as full:
        full.setattr(os, call, fail_the_second_time)
        ended = tool("train", config)
    assert ended.code == 1
    target = tmp_path / "work/iter_4.pth"
    assert re.search(rf"cannot write {target} .*No space left on device.*make room", ended.error)
    assert "--resume" in ended.error
    left = sorted(path.name for path in (tmp_path / "work").glob("*iter_*"))
    assert left == ["iter_2.pth"]
    assert read_checkpoint(tmp_path / "work/iter_2.pth")["meta"]["iter"] == 2
    assert tool("train", config, "--resume").code == 0
    assert (tmp_path / "work/iter_6.pth").exists()
