from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mmsrkd.checkpoints.atomic import atomic_write_bytes


def test_replaces_and_makes_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.bin"
    assert atomic_write_bytes(path, b"old") == path
    atomic_write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["b.bin"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_full_disk_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = atomic_write_bytes(tmp_path / "c.pth", b"old")

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left") as caught:
        atomic_write_bytes(path, b"new")
    assert caught.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["c.pth"]


def test_result_has_ordinary_permissions(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    path = atomic_write_bytes(tmp_path / "atomic", b"")
    assert path.stat().st_mode == plain.stat().st_mode
