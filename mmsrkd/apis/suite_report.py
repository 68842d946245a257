"""The page of a suite: means over seeds, differences to the baseline, every run with its origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from mmengine.config import Config

from mmsrkd.apis.tables import markdown_table

Results = Mapping[str, Mapping[str, Any]]
SETS = ("Set5", "Set14", "BSD100", "Urban100", "Manga109", "HeldOut")


def render(suite: Config, results: Results) -> str:
    """Return the Markdown page.

    Args:
        suite: As read by `mmsrkd.apis.compare.load_suite`.
        results: JSON of the runs by name; runs that are missing are said to be.
    """
    parts = [f"# {suite.title}", suite.get("intro", "").strip()]
    keys = _measured_keys(results)
    for metric in ("PSNR_Y", "PSNR_Y_srcnn", "PSNR_RGB", "SSIM_Y"):
        columns = [key for key in keys if key.endswith(f"/{metric}")]
        if columns:
            parts += [f"## {metric}", _groups(suite, results, columns)]
    parts += ["## Runs", _runs(results), _protocol(results)]
    missing = [run.name for run in suite.runs if run.name not in results]
    if missing:
        parts.append(f"Not finished yet: {', '.join(missing)}.")
    command = f"python tools/compare.py configs/compare/{suite.name}.py"
    parts.append(f"Made by `{command}` from `docs/results/{suite.name}/*.json`; do not edit.")
    return "\n\n".join(part for part in parts if part) + "\n"


def _measured_keys(results: Results) -> list[str]:
    keys = {k for r in results.values() for k in r if k.count("/") == 1}
    measured = {k for k in keys if k.partition("/")[0] not in ("meta", "protocol", "train")}
    others = sorted({k.partition("/")[0] for k in measured} - set(SETS))
    return [k for s in (*SETS, *others) for k in sorted(measured) if k.startswith(f"{s}/")]


def _groups(suite: Config, results: Results, columns: Sequence[str]) -> str:
    """Mean over the runs of a group, with spread where there are several, and the difference."""
    order = list(dict.fromkeys(run.group for run in suite.runs))
    members: dict[str, list[Mapping[str, Any]]] = {group: [] for group in order}
    for run in suite.runs:
        if run.name in results:
            members[run.group].append(results[run.name])
    base = {c: _mean(members.get(suite.get("baseline", ""), []), c) for c in columns}
    rows = []
    for group in order:
        if members[group]:
            cells = [
                _cell(members[group], c, base[c], group != suite.get("baseline")) for c in columns
            ]
            rows.append([group, str(len(members[group])), *cells])
    return markdown_table(["method", "runs", *(c.partition("/")[0] for c in columns)], rows)


def _mean(runs: Sequence[Mapping[str, Any]], column: str) -> float | None:
    values = [run[column] for run in runs if column in run]
    return float(np.mean(values)) if values else None


def _cell(runs: Sequence[Mapping[str, Any]], column: str, base: float | None, compare: bool) -> str:
    values = [run[column] for run in runs if column in run]
    if not values:
        return "-"
    digits = 4 if "SSIM" in column else 2
    text = f"{np.mean(values):.{digits}f}"
    if len(values) > 1:
        text += f" ± {np.ptp(values) / 2:.{digits}f}"
    if compare and base is not None:
        text += f" ({np.mean(values) - base:+.{digits}f})"
    return text


def _runs(results: Results) -> str:
    head = ["run", "seed", "steps", "command", "commit", "date", "machine"]
    rows = []
    for name, run in results.items():
        source = "train" if "train/command" in run else "meta"
        row = [run.get("train/seed", "-"), run.get("train/steps", "-")]
        command = f"`{run.get(f'{source}/command', '-')}`"
        row += [command, *(run.get(f"{source}/{k}", "-") for k in ("commit", "date", "machine"))]
        rows.append([name, *map(str, row)])
    return markdown_table(head, rows)


def _protocol(results: Results) -> str:
    sentences = {k: v for r in results.values() for k, v in r.items() if k.startswith("protocol/")}
    lines = [f"- `{k.partition('/')[2]}`: {v}." for k, v in sorted(sentences.items())]
    return "\n".join(lines)
