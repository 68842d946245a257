from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mmengine.config import Config

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint, sha256_of
from tests import tiny


def test_teacher_is_in_the_checkpoint_by_name_only(
    small: Callable[..., Config], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cfg = small(2, kd=True)
    train(cfg)
    saved = read_checkpoint(Path(cfg.work_dir) / "iter_2.pth")
    teacher = str(tmp_path / "teacher.pth")
    assert saved["meta"]["teachers"] == {
        "teacher": {"checkpoint": teacher, "sha256": sha256_of(teacher)}
    }
    assert not any("teacher" in key for key in saved["state_dict"])

    train(small(3, kd=True), resume="auto")
    assert "when this checkpoint was saved" not in capsys.readouterr().out
    other = small(4, kd=True)
    tiny.teacher_checkpoint(tmp_path, channels=16)
    other.model.distill.teachers.teacher.generator.channels = 16
    train(other, resume="auto")
    warning = capsys.readouterr().out
    assert "teacher 'teacher' was" in warning
    assert sha256_of(teacher) in warning


def test_model_without_teachers(small: Callable[..., Config]) -> None:
    cfg = small(2)
    train(cfg)
    assert "teachers" not in read_checkpoint(Path(cfg.work_dir) / "iter_2.pth")["meta"]
