from __future__ import annotations

import json
import os
import pickle
import re
import zipfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmsrkd.checkpoints.errors import (
    CheckpointError,
    TruncatedCheckpointError,
    UnsafeCheckpointError,
)

PathLike = str | os.PathLike[str]


def read_checkpoint(path: PathLike, map_location: Any = "cpu") -> dict[str, Any]:
    """Read a checkpoint without running anything that is in it.

    Args:
        path: A ``.safetensors`` file, or anything ``torch.save`` wrote. A safetensors file comes
            back as ``dict(state_dict=tensors, meta=header)``, the header's JSON values decoded.
        map_location: Where tensors go, as in ``torch.load``.

    Returns:
        The checkpoint's dictionary. Besides tensors and plain Python values it may hold what
        mmengine saves: NumPy arrays and scalars, and ``HistoryBuffer``.

    Raises:
        FileNotFoundError: There is no such file.
        UnsafeCheckpointError: The file asks for a class or function that is not allowed.
        TruncatedCheckpointError: The file is short or damaged.
        CheckpointError: The file holds something other than a dictionary.
    """
    file = _existing(path)
    if file.suffix == ".safetensors":
        return _read_safetensors(file, map_location)
    if _looks_like_zip(file):
        _require_zip_directory(file)
    try:
        with torch.serialization.safe_globals(_allowed()):
            content = torch.load(file, map_location=map_location, weights_only=True)
    except pickle.UnpicklingError as error:
        raise _refusal(file, error) from None
    except (EOFError, RuntimeError, OSError, ValueError, KeyError, IndexError) as error:
        raise _damaged(file, error) from error
    if not isinstance(content, dict):
        raise CheckpointError(
            f"{file} holds a {type(content).__name__}, not a dictionary of tensors: "
            f"save network.state_dict() instead"
        )
    return content


def verify_checkpoint(path: PathLike) -> None:
    """Check that a checkpoint is whole, without building its tensors.

    For ``torch.save`` files every record's CRC is compared; for safetensors the header and the
    length. Files of the format before PyTorch 1.6 carry no sums and are read in full.

    Raises:
        FileNotFoundError: There is no such file.
        UnsafeCheckpointError: A file of the old format asks for code to be run.
        TruncatedCheckpointError: The file is short or damaged.
    """
    file = _existing(path)
    if file.suffix == ".safetensors":
        _open_safetensors(file, with_tensors=False)
        return
    if not _looks_like_zip(file):
        read_checkpoint(file)
        return
    _require_zip_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            broken = archive.testzip()
    except (zipfile.BadZipFile, EOFError, OSError) as error:
        raise _damaged(file, error) from error
    if broken is not None:
        raise _damaged(file, f"record {broken} fails its checksum")


def _existing(path: PathLike) -> Path:
    file = Path(path).expanduser()
    if not file.is_file():
        near = file.parent if file.parent.is_dir() else None
        fix = f"{near} has no such file" if near else f"folder {file.parent} does not exist"
        raise FileNotFoundError(f"checkpoint {file} not found: {fix}; check the path")
    return file


def _looks_like_zip(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(2) == b"PK"


def _require_zip_directory(file: Path) -> None:
    # The directory is at the end of the file: without it, the rest was never written.
    if not zipfile.is_zipfile(file):
        raise _damaged(file, "its end is missing")


def _damaged(file: Path, cause: object) -> TruncatedCheckpointError:
    reason = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    return TruncatedCheckpointError(
        f"checkpoint {file} ({file.stat().st_size:,} bytes) is truncated or damaged "
        f"({reason}): take the previous one or copy it again"
    )


def _refusal(file: Path, error: Exception) -> CheckpointError:
    """Tell a checkpoint that wants something forbidden from one that is no pickle at all."""
    text = str(error)
    named = re.search(r"GLOBAL ([\w.]+)", text)
    if named is None and not re.search(r"Trying to call|Can only (?:create|build)", text):
        return _damaged(file, "it is not a checkpoint, or its beginning is damaged")
    wanted = named.group(1) if named else "a call"
    return UnsafeCheckpointError(
        f"checkpoint {file} asks to load {wanted}, which could run code; refused. "
        f"If you trust its author, have it saved again as a plain state_dict or .safetensors"
    )


def _read_safetensors(file: Path, map_location: Any) -> dict[str, Any]:
    header, state = _open_safetensors(file, with_tensors=True)
    if isinstance(map_location, (str, torch.device)):
        state = {name: tensor.to(map_location) for name, tensor in state.items()}
    return {"state_dict": state, "meta": {key: _decode(value) for key, value in header.items()}}


def _open_safetensors(
    file: Path, with_tensors: bool
) -> tuple[dict[str, str], dict[str, torch.Tensor]]:
    from safetensors import SafetensorError, safe_open

    try:
        # Opening compares the header's offsets with the length of the file.
        with safe_open(str(file), framework="pt", device="cpu") as stream:
            names = list(stream.keys()) if with_tensors else []
            return stream.metadata() or {}, {name: stream.get_tensor(name) for name in names}
    except (SafetensorError, OSError) as error:
        raise _damaged(file, error) from error


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@cache
def _allowed() -> list[Any]:
    """What a checkpoint may name, beyond tensors: the data types that mmengine saves."""
    from mmengine.logging.history_buffer import HistoryBuffer

    core = import_module("numpy._core.multiarray")
    numpy_names = ("numpy._core.multiarray", "numpy.core.multiarray")
    allowed: list[Any] = [np.ndarray, np.dtype, HistoryBuffer, slice]
    for function in (core._reconstruct, core.scalar):
        allowed += [(function, f"{module}.{function.__name__}") for module in numpy_names]
    kinds = "?bhilqBHILQefdFD"
    allowed += list({type(np.dtype(kind)) for kind in kinds} | {type(np.dtype("S1"))})
    allowed.append((_statistic_of(HistoryBuffer), "builtins.getattr"))
    return allowed


def _statistic_of(owner: type) -> Callable[[Any, str], Any]:
    """Stand in for ``getattr``, which pickled HistoryBuffers need for their own four methods."""

    def statistic(holder: Any, name: str) -> Any:
        if holder is owner and name in ("min", "max", "current", "mean"):
            return getattr(holder, name)
        raise pickle.UnpicklingError(f"Unsupported global: GLOBAL builtins.getattr of {name!r}")

    return statistic
