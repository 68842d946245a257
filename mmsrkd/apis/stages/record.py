"""``stages.json``: which stages are finished, what they made, from what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmsrkd.apis.json_file import write_json
from mmsrkd.checkpoints import CheckpointError, sha256_of

FILE = "stages.json"


class StageRecord:
    """Finished stages under a folder, read from its file every time: other processes write it.

    Args:
        folder: Work folder of all stages.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder / FILE

    def entries(self) -> dict[str, dict[str, Any]]:
        """What is known of each finished stage, by name."""
        if not self.path.is_file():
            return {}
        found: dict[str, dict[str, Any]] = json.loads(self.path.read_text())
        return found

    def add(self, name: str, checkpoint: Path, details: Mapping[str, Any]) -> None:
        """Note that a stage is finished; the checkpoint's path is kept relative to the folder."""
        entry = {
            "checkpoint": str(checkpoint.relative_to(self.folder)),
            "sha256": sha256_of(checkpoint),
            **details,
        }
        write_json(self.path, {**self.entries(), name: entry})

    def checkpoint(self, name: str) -> Path:
        """Return the checkpoint of a finished stage.

        Raises:
            CheckpointError: It is gone, or not the one that was written.
        """
        entry = self.entries()[name]
        path = self.folder / entry["checkpoint"]
        fix = f"put it back, or remove {name!r} from {self.path} to train that stage again"
        if not path.is_file():
            raise CheckpointError(
                f"stage {name!r} is finished but its checkpoint {path} is gone: {fix}"
            )
        if sha256_of(path) != entry["sha256"]:
            raise CheckpointError(
                f"stage {name!r}: {path} is not the file that was published: {fix}"
            )
        return path

    def require_inputs(self, name: str) -> None:
        """Refuse a finished stage that learnt from other checkpoints than those there now.

        Raises:
            CheckpointError: Naming both stages.
        """
        entries = self.entries()
        for source, sha256 in entries[name]["needs"].items():
            if entries.get(source, {}).get("sha256") != sha256:
                raise CheckpointError(
                    f"stage {name!r} was trained with another {source!r} than the one there now: "
                    f"remove {name!r} from {self.path} and its folder to train it again"
                )
