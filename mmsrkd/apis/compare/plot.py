"""Dot plot of the differences to the baseline, with their intervals."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from mmengine.config import Config

from .page import Results, by_group, difference_of, measured_keys
from .statistics import Difference
from .twins import twin_groups

METRICS = ("PSNR_Y", "PSNR_grey")
# how many times the usual difference fits on the axis: what lies beyond would flatten the others
REACH = 20
BETTER, WORSE, OPEN = "#2f6f8f", "#b5532a", "0.55"
LEGEND = (
    "blue: better, red: worse, grey: the interval holds zero; filled: interval over seeds, open: "
    "over images"
)


def draw(suite: Config, results: Results) -> bytes | None:
    """Return an SVG with a panel for each test set and a row for each trained or quantised method.

    References that were neither lie decibels away and are not what a suite asks about. Filled dots:
    interval over seeds; open ones: over images. A difference beyond the axis is an arrow at its end
    with the number beside it.

    Returns:
        None where there is no difference to show.
    """
    members = by_group(suite, results)
    columns = [key for key in measured_keys(results) if key.rpartition("/")[2] in METRICS]
    found = {
        (group, column): difference
        for group in _asked_about(suite, members)
        for column in columns
        if (difference := difference_of(suite, members, group, column))
    }
    if not found:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    rows = list(dict.fromkeys(group for group, _ in found))
    with mpl.rc_context({"svg.hashsalt": "mmsrkd", "svg.fonttype": "none", "font.size": 8}):
        size = (2.5 + 2.2 * len(columns), 1.3 + 0.32 * len(rows))
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(1, len(columns), squeeze=False, sharex=True, sharey=True)[0]
        panels[0].set(yticks=range(len(rows)), ylim=(len(rows) - 0.5, -0.5))
        panels[0].set(xlim=_limits(list(found.values())))
        panels[0].set_yticklabels(rows)
        for panel, column in zip(panels, columns, strict=True):
            panel.set_title(column.partition("/")[0])
            panel.axvline(0, color="0.5", linewidth=0.8)
            panel.grid(axis="x", alpha=0.25)
            panel.grid(axis="y", alpha=0.1)
            for place, group in enumerate(rows):
                _dot(panel, place, found.get((group, column)))
        twins = twin_groups(suite)
        whom = f'"{twins[0]}"' if len(twins) == 1 else "the method it is compared with"
        figure.supxlabel(f"PSNR: difference to {whom} (dB), 95 % interval\n{LEGEND}")
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _asked_about(suite: Config, members: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    quantised = {run.group for run in suite.runs if "quantize" in run}
    return [
        group
        for group, runs in members.items()
        if group in quantised or any("train/seed" in run for run in runs)
    ]


def _limits(differences: Sequence[Difference]) -> tuple[float, float]:
    """Ends of the axis: all intervals, as far as `REACH` times the median difference."""
    reach = REACH * max(median(abs(d.mean) for d in differences), 1e-3)
    inside = [d for d in differences if abs(d.mean) <= reach] or differences
    ends = [end for d in inside for end in (d.mean, d.low, d.high) if not math.isnan(end)]
    low, high = max(min(ends), -reach), min(max(ends), reach)
    margin = 0.06 * (max(high, 0) - min(low, 0))
    return min(low, 0) - margin, max(high, 0) + margin


def _dot(panel: Any, place: int, difference: Difference | None) -> None:
    if difference is None:
        return
    mean, low, high = difference.mean, difference.low, difference.high
    colour = BETTER if low > 0 else WORSE if high < 0 else OPEN
    filled = "full" if difference.over == "seeds" else "none"
    left, right = panel.get_xlim()
    if not left <= mean <= right:
        end, marker, side = (left, "<", "left") if mean < left else (right, ">", "right")
        inwards = (6, 0) if side == "left" else (-6, 0)
        panel.plot(end, place, marker, color=colour, fillstyle=filled, clip_on=False)
        panel.annotate(
            f"{mean:+.1f}",
            (end, place),
            inwards,
            textcoords="offset points",
            ha=side,
            va="center",
            color=colour,
        )
        return
    panel.plot(mean, place, "o", color=colour, fillstyle=filled)
    if not math.isnan(low):
        panel.plot([low, high], [place] * 2, color=colour, linewidth=1)
