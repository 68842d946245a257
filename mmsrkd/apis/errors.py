"""Errors a user can mend are shown as one line, all others with their traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# : What bad input raises. A bug of ours is more likely to be something else, and its traceback is
# wanted.
USER_ERRORS = (KeyError, ValueError, OSError, ImportError, IndexError, RuntimeError, TypeError)


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn an error into ``error: <cause, value, fix>`` and exit status 1.

    Set ``MMSRKD_TRACEBACK=1`` to see where it came from.
    """
    try:
        yield
    except USER_ERRORS as error:
        if os.environ.get("MMSRKD_TRACEBACK"):
            raise
        text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
        line = " ".join(text.split()) or type(error).__name__
        print(f"error: {line}", file=sys.stderr)
        print("(set MMSRKD_TRACEBACK=1 for the traceback)", file=sys.stderr)
        raise SystemExit(1) from None
