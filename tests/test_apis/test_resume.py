from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.apis.resume import resume_path
from mmsrkd.checkpoints import TruncatedCheckpointError


def write(folder: Path, *steps: int) -> list[Path]:
    paths = [folder / f"iter_{step}.pth" for step in steps]
    for path in paths:
        torch.save({"state_dict": {"w": torch.zeros(200)}}, path)
    return paths


def test_newest_by_number_not_by_name_or_date(tmp_path: Path) -> None:
    _, newest, _ = write(tmp_path, 900, 1000, 20)
    (tmp_path / "best_PSNR.pth").write_bytes(b"")
    assert resume_path(tmp_path) == newest


def test_nothing_to_resume(tmp_path: Path) -> None:
    assert resume_path(tmp_path / "new") is None


def test_requested_file_falls_back_to_older_ones_only(tmp_path: Path) -> None:
    older, requested, _newer = write(tmp_path, 2, 4, 6)
    assert resume_path(tmp_path, str(requested)) == requested
    requested.write_bytes(requested.read_bytes()[:-9])
    assert resume_path(tmp_path, str(requested)) == older


def test_flipped_bit_is_noticed(tmp_path: Path) -> None:
    older, newer = write(tmp_path, 2, 4)
    content = bytearray(newer.read_bytes())
    middle = content.find(bytes(400)) + 100  # among the zeros of the weights
    content[middle] = 1
    newer.write_bytes(content)
    assert resume_path(tmp_path) == older


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file .*gone\.pth; give one, or `--resume`"):
        resume_path(tmp_path, str(tmp_path / "gone.pth"))


def test_none_is_sound(tmp_path: Path) -> None:
    for path in write(tmp_path, 2, 4):
        path.write_bytes(b"PK")
    with pytest.raises(TruncatedCheckpointError, match="none of the 2 checkpoints"):
        resume_path(tmp_path)


def test_a_best_checkpoint_is_not_one_to_resume(tmp_path: Path) -> None:
    for name in ("iter_10.pth", "best_Set5_PSNR_Y_iter_600.pth"):
        torch.save({"state_dict": {}}, tmp_path / name)
    assert resume_path(tmp_path) == tmp_path / "iter_10.pth"
