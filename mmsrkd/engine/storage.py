"""How a run writes and reads its checkpoints: whole files only, and never running their code."""

from __future__ import annotations

from pathlib import Path

from mmengine.fileio import LocalBackend, register_backend

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.checkpoints.loader import register as register_reader


class AtomicLocalBackend(LocalBackend):
    """`LocalBackend` whose ``put`` leaves the old content or the new, nothing between."""

    def put(self, obj: bytes, filepath: str | Path) -> None:
        """Write ``obj``; on failure the file that was there stays as it was.

        Raises:
            OSError: If it cannot be written, a full disk say; names the file, its size and what to
                do.
        """
        Path(filepath).parent.mkdir(parents=True, exist_ok=True)
        try:
            atomic_write_bytes(Path(filepath), obj)
        except OSError as error:
            raise OSError(
                error.errno,
                f"cannot write {filepath} ({len(obj) / 2**20:.1f} MiB): {error.strerror}; what "
                "was saved before "
                "is intact: make room and go on with --resume",
            ) from error


register_backend("mmsrkd.atomic", AtomicLocalBackend, force=True)
register_reader()
