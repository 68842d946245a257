"""The page of a suite: means, paired differences, conditions, cost, every run with its origin."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
from mmengine.config import Config

from mmsrkd.apis.tables import markdown_table

from .deployment import deployment
from .set_order import usual_order
from .statistics import Difference, Result, paired_difference
from .twins import twin_group, twin_groups

Results = Mapping[str, Result]
Conditions = Mapping[str, Sequence[str]]
METRICS = (
    *("PSNR_Y", "PSNR_Y_srcnn", "PSNR_RGB", "PSNR_grey", "SSIM_Y", "SSIM_grey", "LPIPS_alex"),
    "NIQE_Y",
    *("PSNR_Y_privileged", "SSIM_Y_privileged"),  # fed the truth: rows of their own
)
DIFFERENCE = """\
Differences are to {}, in brackets their 95 % confidence interval. "seeds": Student's t over the
differences of runs of one seed, which says how other trainings would end; with two seeds it is
wide. "images": a bootstrap over the test images, each with its mean over the seeds, which says what
other images would give these very networks. "±" is half the range over seeds."""

TO_ITS_OWN = 'the method in the column "to"'


def render(
    suite: Config, results: Results, conditions: Conditions | None = None, picture: bool = False
) -> str:
    """Return the Markdown page.

    Args:
        suite: As read by `load_suite`.
        results: JSON of the runs by name; runs that are missing are said to be.
        conditions: As `unequal_conditions` finds them; None says nothing about them.
        picture: Whether the plot lies beside the page.
    """
    folder, keys = suite.get("folder", suite.name), measured_keys(results)
    parts = [f"# {suite.title}", suite.get("intro", "").strip()]
    if folder != suite.name:
        budget = folder.removeprefix(f"{suite.name}-")
        parts.append(
            f"Budget `{budget}`: numbers of steps and the like above are those of the usual "
            "budget; those of this one are in the suite."
        )
    if picture:
        parts.append(f"![Differences to the baseline]({folder}.svg)")
    twins = twin_groups(suite)
    if twins:
        parts.append(DIFFERENCE.format(f'"{twins[0]}"' if len(twins) == 1 else TO_ITS_OWN))
    for metric in METRICS:
        columns = [key for key in keys if key.endswith(f"/{metric}")]
        if columns:
            parts += [f"## {metric}", _means(suite, results, columns)]
            parts += _differences(suite, results, columns)
    parts += [deployment(results), _conditions(suite, conditions), _cost(suite, results)]
    parts += ["## Runs", _runs(results), _protocol(results)]
    missing = [run.name for run in suite.runs if run.name not in results]
    if missing:
        parts.append(f"Not finished yet: {', '.join(missing)}.")
    command = f"python tools/compare.py configs/compare/{suite.name}.py{suite.get('flags', '')}"
    parts.append(f"Made by `{command}` from `docs/results/{folder}/*.json`; do not edit.")
    return "\n\n".join(part for part in parts if part) + "\n"


def as_json(suite: Config, results: Results, conditions: Conditions) -> dict[str, Any]:
    """Everything a page is made from, and the differences in it, as one JSON object."""
    members, keys = by_group(suite, results), measured_keys(results)
    differences: dict[str, dict[str, Any]] = {}
    for group in members:
        found = {key: difference_of(suite, members, group, key) for key in keys}
        differences[group] = {key: _plain(value) for key, value in found.items() if value}
    return {
        "suite": suite.name,
        "folder": suite.get("folder", suite.name),
        "baseline": suite.get("baseline"),
        "groups": {run.name: run.group for run in suite.runs},
        "twins": {group: twin_group(suite, group) for group in members},
        "runs": {name: dict(result) for name, result in results.items()},
        "differences": {group: values for group, values in differences.items() if values},
        "unequal_conditions": {name: list(values) for name, values in conditions.items()},
    }


def _plain(difference: Difference) -> dict[str, Any]:
    """Without nan, which is no JSON."""
    values = vars(difference).items()
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in values}


def measured_keys(results: Results) -> list[str]:
    """Keys such as ``Set5/PSNR_Y`` of all results, well-known sets first."""
    keys = {k for r in results.values() for k in r if k.count("/") == 1}
    measured = {k for k in keys if k.partition("/")[0] not in ("meta", "protocol", "train")}
    sets = usual_order(k.partition("/")[0] for k in measured)
    return [k for s in sets for k in sorted(measured) if k.startswith(f"{s}/")]


def by_group(suite: Config, results: Results) -> dict[str, list[Result]]:
    """Results of every group that has some, in the order of the suite."""
    members: dict[str, list[Result]] = {}
    for run in suite.runs:
        if run.name in results:
            members.setdefault(run.group, []).append(results[run.name])
    return members


def difference_of(
    suite: Config,
    members: Mapping[str, Sequence[Result]],
    group: str,
    column: str,
    *,
    images: bool = False,
) -> Difference | None:
    """Difference of a group to its twin; None where it has none, or no pair."""
    twin = twin_group(suite, group)
    if twin is None:
        return None
    return paired_difference(members[group], members.get(twin, []), column, images=images)


def _means(suite: Config, results: Results, columns: Sequence[str]) -> str:
    """Mean over the runs of a group, and half their range where there are several."""
    rows = []
    for group, runs in by_group(suite, results).items():
        if any(column in run for run in runs for column in columns):
            cells = [_mean(runs, column, _digits(suite, column)) for column in columns]
            rows.append([group, str(len(runs)), *cells])
    return markdown_table(["method", "runs", *_set_names(columns)], rows)


def _mean(runs: Sequence[Result], column: str, digits: int) -> str:
    values = [run[column] for run in runs if column in run]
    if not values:
        return "-"
    text = f"{np.mean(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ± {np.ptp(values) / 2:.{digits}f}"


def _differences(suite: Config, results: Results, columns: Sequence[str]) -> list[str]:
    """One row a group, and a second over the images where the first is over seeds."""
    members = by_group(suite, results)
    several = len(twin_groups(suite)) > 1
    rows: list[list[str]] = []
    for group in members:
        to = [str(twin_group(suite, group))] if several else []
        shown: set[str] = set()
        for images in (False, True):
            found = [difference_of(suite, members, group, c, images=images) for c in columns]
            over = {f"{d.pairs} seeds" if d.over == "seeds" else "images" for d in found if d}
            if over - shown:
                cells = [
                    _interval(d, _digits(suite, c)) for d, c in zip(found, columns, strict=True)
                ]
                rows.append([group, *to, ", ".join(sorted(over)), *cells])
            shown |= over
    if not rows:
        return []
    head = ["difference of", *(["to"] if several else []), "over", *_set_names(columns)]
    return [markdown_table(head, rows)]


def _interval(difference: Difference | None, digits: int) -> str:
    if difference is None:
        return "-"
    text = f"{difference.mean:+.{digits}f}"
    if math.isnan(difference.low):
        return text
    return f"{text} [{difference.low:+.{digits}f}, {difference.high:+.{digits}f}]"


def _digits(suite: Config, column: str) -> int:
    return 4 if "/SSIM" in column or "/LPIPS" in column else suite.get("digits", 2)


def _set_names(columns: Sequence[str]) -> list[str]:
    return [column.partition("/")[0] for column in columns]


def _conditions(suite: Config, conditions: Conditions | None) -> str:
    if not conditions:
        return ""
    unequal = {name: found for name, found in conditions.items() if found}
    lines = [f"- `{name}`: {'; '.join(found)}." for name, found in unequal.items()]
    twins = twin_groups(suite)
    whom = f'"{twins[0]}"' if len(twins) == 1 else "the method they are compared with"
    text = (
        "By their configs, trained runs share data, their order, schedule, optimiser, network and "
        f"seed with the run of {whom} of the same seed"
    )
    text += ", except:\n\n" + "\n".join(lines) if lines else "."
    return f"## Conditions\n\n{text}"


def _cost(suite: Config, results: Results) -> str:
    """Median step time and peak memory of the groups whose trainings recorded them."""
    members = by_group(suite, results)
    key = "train/step_seconds"
    timed = {g: [r for r in runs if key in r] for g, runs in members.items()}
    rows = []
    for group, runs in timed.items():
        if runs:
            base = [r[key] for r in timed.get(twin_group(suite, group) or group, [])]
            seconds = median(r[key] for r in runs)
            overhead = f"{seconds / median(base) - 1:+.0%}" if base else "-"
            memory = max(r["train/peak_memory_mib"] for r in runs)
            kind = runs[0]["train/memory_kind"]
            rows.append([group, f"{seconds * 1000:.0f}", overhead, f"{memory:.0f}", kind])
    if not rows:
        return ""
    head = ["method", "ms a step", "to its twin", "peak memory, MiB", "of"]
    note = (
        "Medians of steps without data loading; runs that shared the machine with others at that "
        "time are slower. Memory of a process counts its libraries and caches too."
    )
    return f"## Cost of training\n\n{markdown_table(head, rows)}\n\n{note}"


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
    said: dict[tuple[str, str], set[str]] = {}  # (metric, sentence) -> sets, where they differ
    for run in results.values():
        for key, sentence in run.items():
            if key.startswith("protocol/"):
                *name, metric = key.split("/")[1:]
                said.setdefault((metric, sentence), set()).update(name)
    return "\n".join(
        f"- `{metric}`{' of ' if sets else ''}{', '.join(sorted(sets))}: {sentence}."
        for (metric, sentence), sets in sorted(said.items(), key=lambda item: item[0])
    )
