from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest
import torch

from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks import LGRNet

TOOL = Path(__file__).parents[2] / "tools" / "publish_student.py"
CONFIG = """
model = dict(
    type='DistillEditModel',
    generator=dict(type='LGRNet', channels=4, num_blocks=1),
    pixel_loss=dict(type='L1Loss'))
"""


def run(*args: object) -> int:
    """Call the tool in this process: importing torch again for each case takes seconds."""
    return runpy.run_path(str(TOOL))["main"]([str(arg) for arg in args])


def test_publishes_the_generator_of_a_config(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    student = LGRNet(channels=4, num_blocks=1)
    (tmp_path / "tiny_x2.py").write_text(CONFIG)
    (tmp_path / "results.json").write_text(json.dumps({"Set5/PSNR_Y": 33.0, "config": "x"}))
    state = {f"generator.{key}": value for key, value in student.state_dict().items()}
    torch.save({"state_dict": state}, tmp_path / "iter_9.pth")
    done = run(
        *(tmp_path / "tiny_x2.py", tmp_path / "iter_9.pth", "-o", tmp_path / "out"),
        *("--metrics", tmp_path / "results.json", "--name", "tiny"),
    )
    assert done == 0
    (weights,) = (tmp_path / "out").glob("tiny-*.safetensors")
    assert str(weights) in capsys.readouterr().out
    assert torch.equal(build_published(weights).head[0].weight, student.head[0].weight)
    assert "Set5/PSNR_Y | 33" in (tmp_path / "out" / "tiny.md").read_text()


def test_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.py").write_text("model = dict(type='SRCNN')")
    done = run(tmp_path / "c.py", tmp_path / "none.pth", "-o", tmp_path)
    assert done == 1
    error = capsys.readouterr().err
    assert "has no model.generator" in error
    assert len(error.strip().splitlines()) == 1
