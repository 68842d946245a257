"""Which checkpoint a run goes on from."""

from __future__ import annotations

import re
from pathlib import Path

from mmengine.logging import print_log

from mmsrkd.checkpoints import TruncatedCheckpointError, verify_checkpoint

# not best_*_iter_N.pth, which has no optimiser
_STEP = re.compile(r"(?:iter|epoch)_(\d+)\.pth")


def resume_path(work_dir: str | Path, requested: str = "auto") -> Path | None:
    """Return the newest sound checkpoint of a run.

    Args:
        work_dir: Folder of the run.
        requested: ``auto``, or a file to start with; if that one is damaged, older ones of the same
            folder are tried.

    Returns:
        The checkpoint, or None if ``auto`` finds none: the run starts from the beginning.

    Raises:
        FileNotFoundError: If a requested file does not exist.
        TruncatedCheckpointError: If no checkpoint is sound.
    """
    if requested == "auto":
        candidates = _newest_first(Path(work_dir))
        if not candidates:
            print_log(
                f"--resume: no checkpoint in {work_dir}; starting from the beginning", "current"
            )
            return None
    else:
        first = Path(requested)
        if not first.is_file():
            raise FileNotFoundError(
                f"--resume: there is no file {first}; give one, or `--resume` alone"
            )
        candidates = [first, *_older_than(first)]
    for number, candidate in enumerate(candidates):
        try:
            verify_checkpoint(candidate)
        except TruncatedCheckpointError as error:
            last = number + 1 == len(candidates)
            following = (
                "no older one is left" if last else f"falling back to {candidates[number + 1]}"
            )
            print_log(f"--resume: {error}; {following}", "current", level=30)
            continue
        return candidate
    raise TruncatedCheckpointError(
        f"none of the {len(candidates)} checkpoints in {candidates[0].parent} can be read; "
        "remove them to start from the beginning"
    )


def _newest_first(folder: Path) -> list[Path]:
    found = [(int(m[1]), p) for p in folder.glob("*.pth") if (m := _STEP.fullmatch(p.name))]
    return [path for _, path in sorted(found, reverse=True)]


def _older_than(checkpoint: Path) -> list[Path]:
    everything = _newest_first(checkpoint.parent)
    if checkpoint not in everything:
        return []
    return everything[everything.index(checkpoint) + 1 :]
