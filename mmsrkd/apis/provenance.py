"""Where a figure came from: command, commit, data, machine, date."""

from __future__ import annotations

import datetime
import os
import platform
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def provenance() -> dict[str, str]:
    """Return ``meta/...`` entries that go into every JSON a tool writes.

    Paths are given relative to the working directory, so that a committed result names no machine.
    """
    import torch

    return {
        "meta/command": _command(),
        "meta/commit": commit(),
        "meta/date": datetime.date.today().isoformat(),
        "meta/machine": machine(),
        "meta/torch": str(
            torch.__version__
        ),  # a TorchVersion is no plain string: checkpoints refuse it
    }


#: Instead of the folders of an absolute path.
_SHORTENED = ".../"
#: What a figure depends on; pages and tests may differ from the commit.
_MAKES_RESULTS = ("mmsrkd", "configs", "tools", "requirements")


def commit() -> str:
    """Short hash of the checkout, ``unknown`` outside git.

    ``+changes`` follows if code, configs or requirements differ from it.
    """
    root = Path(__file__).resolve().parents[2]
    try:
        head = _git(root, "rev-parse", "--short=10", "HEAD")
        paths = ("--", *_MAKES_RESULTS)
        changed = _git(root, "status", "--porcelain", "--untracked-files=no", *paths)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + ("+changes" if changed else "")


def machine() -> str:
    """Kind of machine, such as ``2 CPU cores (x86_64, AVX2)`` or ``one NVIDIA H200``."""
    import torch

    if torch.cuda.is_available():
        count, name = torch.cuda.device_count(), torch.cuda.get_device_name(0)
        return f"one {name}" if count == 1 else f"{count} x {name}"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    capability = torch.backends.cpu.get_cpu_capability()
    return (
        f"{cores} CPU cores ({platform.machine()}, {capability}), {torch.get_num_threads()} threads"
    )


def without_places(value: Any) -> Any:
    """Shorten absolute paths, in dictionaries and lists too, to what names no machine.

    They become relative to the working directory, or the last name alone.
    """
    if isinstance(value, Mapping):
        return {key: without_places(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [without_places(entry) for entry in value]
    if not isinstance(value, str) or not Path(value).is_absolute():
        return value
    path, here = Path(value), Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else f"{_SHORTENED}{path.name}"


def same_but_for_places(one: Any, other: Any) -> bool:
    """Whether two values are equal where a path that was shortened equals any of its last name."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            same_but_for_places(one[key], other[key]) for key in one
        )
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same_but_for_places, one, other))
    if isinstance(one, str) and isinstance(other, str) and _SHORTENED in (one[:4], other[:4]):
        return Path(one).name == Path(other).name
    return bool(one == other)


def _command() -> str:
    return shlex.join(without_places(["python", *sys.argv]))


def _git(root: Path, *args: str) -> str:
    command = ["git", "-C", str(root), *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
