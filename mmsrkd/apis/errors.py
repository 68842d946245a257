"""Errors a user can mend are shown as one line, all others with their traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: What bad input raises. A bug of ours is likely to be something else, and its traceback is wanted.
USER_ERRORS = (KeyError, ValueError, OSError, ImportError, IndexError, RuntimeError, TypeError)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn an error into ``error: <cause, value, fix>`` and exit status 1, Ctrl-C into status 130.

    Set ``MMSRKD_TRACEBACK=1`` to see where an error came from.
    """
    try:
        yield
    except KeyboardInterrupt as interrupt:
        print(f"interrupted: {interrupt}" if interrupt.args else "interrupted", file=sys.stderr)
        raise SystemExit(130) from None
    except USER_ERRORS as error:
        if os.environ.get("MMSRKD_TRACEBACK"):
            raise
        print(f"error: {cause_of(error)}", file=sys.stderr)
        print("(set MMSRKD_TRACEBACK=1 for the traceback)", file=sys.stderr)
        raise SystemExit(1) from None


def cause_of(error: BaseException) -> str:
    """Return the message of an error in one line.

    Args:
        error: As raised here, or by a data loader's worker, whose message is its whole traceback.
    """
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if text.startswith("Caught ") and "Original Traceback" in text:
        text = text.rstrip().splitlines()[-1].partition(": ")[2]
    return " ".join(text.split()) or type(error).__name__
