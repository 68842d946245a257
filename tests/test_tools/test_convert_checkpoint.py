from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import torch

from mmsrkd.checkpoints import read_checkpoint, sha256_of
from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks import SPAN, VDSR

TOOL = Path(__file__).parents[2] / "tools" / "convert_checkpoint.py"


def run(*args: object) -> int:
    """Call the tool in this process: importing torch again for each case takes seconds."""
    return runpy.run_path(str(TOOL))["main"]([str(arg) for arg in args])


@torch.no_grad()
def test_converts_and_records_where_it_came_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, x = SPAN(channels=4, num_blocks=1, scale=3).eval(), torch.rand(1, 3, 6, 6)
    torch.save({"params": dict(source.state_dict())}, tmp_path / "foreign.pth")
    done = run(tmp_path / "foreign.pth", "-o", tmp_path / "ours.safetensors")
    assert done == 0
    assert "channels=4" in capsys.readouterr().out
    assert torch.equal(build_published(tmp_path / "ours.safetensors")(x), source(x))
    origin = read_checkpoint(tmp_path / "ours.safetensors")["meta"]["origin"]
    assert origin["source"] == "foreign.pth"
    assert origin["sha256"] == sha256_of(tmp_path / "foreign.pth")


def test_scale_is_asked_for_where_weights_do_not_show_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.save(VDSR(channels=4, num_layers=2).state_dict(), tmp_path / "vdsr.pth")
    assert run(tmp_path / "vdsr.pth", "-o", tmp_path / "ours.pth") == 1
    assert "VDSR: the weights do not show which scale" in capsys.readouterr().err
    assert run(tmp_path / "vdsr.pth", "-o", tmp_path / "ours.pth", "--scale", 3) == 0
    assert build_published(tmp_path / "ours.pth").scale == 3


@pytest.mark.parametrize(
    ("source", "out", "message"),
    [
        ("missing.pth", "out.pth", "not found"),
        ("unknown.pth", "out.pth", "of no known family"),
        ("unknown.pth", "unknown.pth", "add --force"),
    ],
)
def test_errors_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, out: str, message: str
) -> None:
    torch.save({"w": torch.ones(1)}, tmp_path / "unknown.pth")
    done = run(tmp_path / source, "-o", tmp_path / out)
    assert done == 1
    error = capsys.readouterr().err
    last = error.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last
    assert len(error.strip().splitlines()) == 1
