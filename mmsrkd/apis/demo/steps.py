"""Steps that are done once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mmsrkd.checkpoints.atomic import atomic_write_bytes

Result = dict[str, Any]


class Steps:
    """Runs steps in order and remembers, in a file, what they found and how long they took.

    A step is left out if the file has it, the run's key is the one it was done under, and all that
    it wrote is still there. Once a step has been run, those after it are run as well.

    Args:
        path: The memory, JSON.
        key: Whatever makes a former result worthless when it changes.
        announce: Told of each step: its title, and the seconds of a former run or None.
    """

    def __init__(
        self, path: Path, key: str, announce: Callable[[str, float | None], object]
    ) -> None:
        self._path = path
        self._announce = announce
        self._all_anew = False
        self._memory: dict[str, Any] = {"key": key, "steps": {}, "unfinished": {}}
        former = _read(path)
        self.same_key = former.get("key") == key
        if self.same_key:
            self._memory |= former

    def run(
        self, name: str, title: str, work: Callable[[], Result], wrote: Iterable[Path] = ()
    ) -> Result:
        """Do a step, or recall its result.

        Args:
            name: Of the step, unique.
            title: For people.
            work: Does it and returns what JSON can hold.
            wrote: Files whose absence means that it has to be done again.
        """
        known = self._memory["steps"].get(name)
        if known and not self._all_anew and all(path.exists() for path in wrote):
            self._announce(title, known["seconds"])
            return known["result"]
        self._all_anew = True
        self._memory["steps"].pop(name, None)
        self._announce(title, None)
        started = time.monotonic()
        try:
            result = work()
        except BaseException:
            # what an interrupted training has cost so far belongs to its price
            self._memory["unfinished"][name] = self._spent(name, started)
            self._save()
            raise
        seconds = round(self._spent(name, started), 2)
        self._memory["unfinished"].pop(name, None)
        self._memory["steps"][name] = {"seconds": seconds, "result": result}
        self._save()
        return result

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds of each step, in the order of their first run."""
        return {name: step["seconds"] for name, step in self._memory["steps"].items()}

    def _spent(self, name: str, started: float) -> float:
        return self._memory["unfinished"].get(name, 0.0) + time.monotonic() - started

    def _save(self) -> None:
        atomic_write_bytes(self._path, json.dumps(self._memory, indent=1).encode())


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
