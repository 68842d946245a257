from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch

import mmsrkd.engine  # noqa: F401 - registers the safe reader
from mmsrkd.checkpoints import UnsafeCheckpointError


class _MakesFile:
    """Unpickling it makes a folder: the mildest thing that shows that code ran."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, Path]:
    trace, checkpoint = tmp_path / "code-ran", tmp_path / "hostile.pth"
    torch.save({"state_dict": {}, "meta": _MakesFile(str(trace))}, checkpoint)
    return checkpoint, trace


def test_stock_reader_still_falls_back(hostile: tuple[Path, Path]):
    from mmengine.runner.checkpoint import load_from_local

    checkpoint, trace = hostile
    try:
        load_from_local(str(checkpoint), map_location="cpu")
    except (pickle.UnpicklingError, RuntimeError):
        pytest.skip("this mmengine does not read such files at all (0.10.7 under torch >= 2.6)")
    assert trace.exists(), "mmengine reads safely now: mmsrkd.checkpoints.loader can go"


def test_our_reader_refuses(hostile: tuple[Path, Path]):
    from mmengine.runner import CheckpointLoader

    checkpoint, trace = hostile
    with pytest.raises(UnsafeCheckpointError, match="refused"):
        CheckpointLoader.load_checkpoint(str(checkpoint), map_location="cpu")
    assert not trace.exists()
