"""The numbers mmengine notes while it trains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["loss_curves", "read_scalars"]

_DIGITS = 4


def read_scalars(work_dir: Path) -> list[dict[str, Any]]:
    """Read the scalar logs of a training, a resumed one's put together.

    Each start of a run writes ``<time>/vis_data/scalars.json`` with one object a line. Where a run
    went back to a checkpoint, the steps it did again count as it did them last.

    Args:
        work_dir: Folder of the run.

    Returns:
        One entry for each logged step, in order of ``step``; those of tests are left out.

    Raises:
        FileNotFoundError: There is no log.
    """
    files = sorted(work_dir.glob("*/vis_data/scalars.json"))
    if not files:
        raise FileNotFoundError(f"no */vis_data/scalars.json in {work_dir}; train there first")
    entries: dict[int, dict[str, Any]] = {}
    for path in files:
        fresh = [e for e in _lines(path) if "loss" in e and "step" in e]
        if fresh:
            first = min(e["step"] for e in fresh)
            entries = {step: e for step, e in entries.items() if step < first}
        entries |= {e["step"]: e for e in fresh}
    return [entries[step] for step in sorted(entries)]


def loss_curves(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ``step`` and the series of every ``loss_*`` term and of the learning rate.

    Args:
        entries: From `read_scalars`.

    Returns:
        ``{"step": [...], "series": {"loss_label": [...], ..., "lr": [...]}}``, four digits each.
    """
    names = [name for name in entries[-1] if name.startswith("loss_")] if entries else []
    series = {
        name: [_short(entry.get(name)) for entry in entries]
        for name in [*names, "lr"]
        if entries and name in entries[-1]
    }
    return {"step": [entry["step"] for entry in entries], "series": series}


def _lines(path: Path) -> list[dict[str, Any]]:
    found = []
    for line in path.read_text().splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue  # a run that was killed leaves half a line
    return found


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{_DIGITS}g}")
