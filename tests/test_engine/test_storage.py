from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from mmsrkd.engine.storage import AtomicLocalBackend


def test_put_replaces_and_makes_folders(tmp_path: Path) -> None:
    target = tmp_path / "a/b/file"
    for content in (b"old", b"new"):
        AtomicLocalBackend().put(content, target)
        assert target.read_bytes() == content
    assert [p.name for p in target.parent.iterdir()] == ["file"]


def test_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=rf"{target} \(2\.0 MiB\): No space left.*--resume") as error:
        AtomicLocalBackend().put(bytes(2**21), target)
    assert error.value.errno == errno.ENOSPC
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_registered_by_name() -> None:
    from mmengine.fileio import get_file_backend

    backend = get_file_backend(backend_args={"backend": "mmsrkd.atomic"})
    assert isinstance(backend, AtomicLocalBackend)
