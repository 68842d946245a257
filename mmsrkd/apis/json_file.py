"""Results as JSON files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mmsrkd.checkpoints.atomic import atomic_write_bytes


def write_json(path: str | Path, result: dict[str, Any] | list[Any]) -> None:
    """Write a result atomically."""
    text = json.dumps(result, indent=1, sort_keys=True)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    atomic_write_bytes(Path(path), (text + "\n").encode())
