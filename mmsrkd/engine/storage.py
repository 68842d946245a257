"""A local storage backend that never leaves half a file."""

from __future__ import annotations

from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from mmsrkd.checkpoints.atomic import atomic_write_bytes


class AtomicLocalBackend(LocalBackend):
    """`LocalBackend` whose ``put`` writes beside the target and renames: old content or new, nothing else."""

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write ``obj``; on failure (a full disk) the file that was there stays as it was."""
        Path(filepath).parent.mkdir(parents=True, exist_ok=True)
        atomic_write_bytes(Path(filepath), obj)


register_backend("mmsrkd.atomic", AtomicLocalBackend, force=True)
