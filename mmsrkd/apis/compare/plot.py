"""Dot plot of the differences to the baseline, with their intervals."""

from __future__ import annotations

import io
import math
from typing import Any

from mmengine.config import Config

from .page import Results, by_group, difference_of, measured_keys
from .twins import twin_groups

METRICS = ("PSNR_Y", "PSNR_grey")


def draw(suite: Config, results: Results) -> bytes | None:
    """Return an SVG with a panel for each test set and a row for each trained method.

    References that were not trained lie decibels away and would flatten everything else. Filled
    dots: interval over seeds; open ones: over images.

    Returns:
        None where there is no difference to show.
    """
    members = by_group(suite, results)
    columns = [key for key in measured_keys(results) if key.rpartition("/")[2] in METRICS]
    groups = [g for g, runs in members.items() if any("train/seed" in r for r in runs)]
    rows = [g for g in groups if any(difference_of(suite, members, g, c) for c in columns)]
    if not rows:
        return None
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "mmsrkd", "svg.fonttype": "none", "font.size": 8}):
        size = (2.5 + 2.2 * len(columns), 1.3 + 0.32 * len(rows))
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(1, len(columns), squeeze=False, sharex=True, sharey=True)[0]
        for panel, column in zip(panels, columns, strict=True):
            panel.set_title(column.partition("/")[0])
            panel.axvline(0, color="0.5", linewidth=0.8)
            panel.grid(axis="x", alpha=0.25)
            for place, group in enumerate(rows):
                _dot(panel, place, difference_of(suite, members, group, column))
        panels[0].set(yticks=range(len(rows)), ylim=(len(rows) - 0.5, -0.5))
        panels[0].set_yticklabels(rows)
        twins = twin_groups(suite)
        whom = f'"{twins[0]}"' if len(twins) == 1 else "the method it is compared with"
        figure.supxlabel(f"PSNR: difference to {whom} (dB), 95 % interval")
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _dot(panel: Any, place: int, difference: Any) -> None:
    if difference is None:
        return
    filled = "full" if difference.over == "seeds" else "none"
    panel.plot(difference.mean, place, "o", color="#2f6f8f", fillstyle=filled)
    if not math.isnan(difference.low):
        panel.plot([difference.low, difference.high], [place] * 2, color="#2f6f8f", linewidth=1)
