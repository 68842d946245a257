"""A terminal that stays readable while mmengine writes its log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

_terminal: Console | None = None


def terminal() -> Console:
    """The console of whoever started the program, also inside `output_to`."""
    return _terminal or Console(highlight=False)


@contextmanager
def output_to(log: Path) -> Iterator[None]:
    """Send everything that is printed to a file, while `terminal` goes on writing to the terminal.

    The file descriptors are redirected, not Python's streams: C libraries and child processes print
    too.

    Args:
        log: Appended to; its folder is made.
    """
    global _terminal
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    saved = os.dup(1), os.dup(2)
    with open(log, "ab") as target, os.fdopen(os.dup(1), "w", buffering=1) as screen:
        before, _terminal = _terminal, Console(file=screen, highlight=False)
        os.dup2(target.fileno(), 1)
        os.dup2(target.fileno(), 2)
        try:
            yield
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, original in enumerate(saved, start=1):
                os.dup2(original, descriptor)
                os.close(original)
            _terminal = before
