"""Results as text tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def metric_table(result: Mapping[str, Any]) -> str:
    """Lay out ``<set>/<metric>`` entries as a table with one row for each set.

    Args:
        result: Flat keys; those of single images and of other kinds are left out.
    """
    cells = {
        tuple(key.split("/")): value
        for key, value in result.items()
        if key.count("/") == 1
        and isinstance(value, float)
        and not key.startswith(("meta/", "protocol/"))
    }
    sets = list(dict.fromkeys(name for name, _ in cells))
    metrics = list(dict.fromkeys(metric for _, metric in cells))
    rows = [
        [name, *(_show(metric, cells.get((name, metric))) for metric in metrics)] for name in sets
    ]
    return markdown_table(["set", *metrics], rows)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return an aligned Markdown table."""
    everything = [list(head), *map(list, rows)]
    widths = [max(len(row[i]) for row in everything) for i in range(len(head))]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)) + " |"
        for r in everything
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def _show(metric: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if metric.startswith("SSIM") else f"{value:.3f}"
