from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from mmsrkd.apis.model_zoo.entries import Entry

_SCALES = (2, 4)
_COLOUR = "#2f6f8f"
_FONT = 7
#: Places for a label around its point, in points, the nearest first.
_PLACES = [(side * 5, up) for up in (3, -9, 13, -19, 23, -29, 33, -39, 43, -49) for side in (1, -1)]


def draw(entries: Sequence[Entry]) -> bytes:
    """Return an SVG: Set5 PSNR (measured, else published) over GMACs, one panel a scale."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "mmsrkd", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(11, 5), layout="constrained")
        axes = figure.subplots(1, len(_SCALES))
        for panel, scale in zip(axes, _SCALES, strict=True):
            _panel(panel, [entry for entry in entries if entry.scale == scale], scale)
        figure.supxlabel("filled: measured here; open: published", fontsize=_FONT)
        figure.draw_without_rendering()  # label places depend on the final layout
        for panel in axes:
            _label(panel)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def _panel(panel: Any, entries: Sequence[Entry], scale: int) -> None:
    panel.set(xscale="log", title=f"x{scale}, Set5", xlabel="GMACs for 1280x720")
    panel.set_ylabel("PSNR (dB, luminance)")
    panel.grid(alpha=0.25)
    panel.margins(0.09)
    for entry in entries:
        quality = entry.measured.get("Set5/PSNR_Y") or entry.published.get("Set5/PSNR_Y")
        if quality and entry.gmacs > 0:
            style = "full" if "Set5/PSNR_Y" in entry.measured else "none"
            label = entry.name.removesuffix(f"_x{scale}")
            panel.plot(
                entry.gmacs, quality, "o", color=_COLOUR, fillstyle=style, markersize=5, gid=label
            )


def _label(panel: Any) -> None:
    """Name every point where the name covers no other, with a thin line where that is far off."""
    to_points = 72 / panel.figure.dpi
    points = []
    for line in panel.lines:
        x, y = panel.transData.transform((line.get_xdata()[0], line.get_ydata()[0])) * to_points
        points.append((line.get_gid(), x, y))
    taken = [(x - 4, y - 4, x + 4, y + 4) for _, x, y in points]
    for line, (text, x, y) in sorted(
        zip(panel.lines, points, strict=True), key=lambda item: item[1][2], reverse=True
    ):
        width = 0.56 * _FONT * len(text)
        boxes = [_box(x + dx, y + dy, width, dx < 0) for dx, dy in _PLACES]
        free = (n for n, box in enumerate(boxes) if not any(_meet(box, t) for t in taken))
        number = next(free, 0)
        taken.append(boxes[number])
        dx, dy = _PLACES[number]
        panel.annotate(
            text,
            (line.get_xdata()[0], line.get_ydata()[0]),
            xytext=(dx, dy),
            textcoords="offset points",
            ha="right" if dx < 0 else "left",
            fontsize=_FONT,
            arrowprops={"arrowstyle": "-", "lw": 0.4, "color": _COLOUR} if abs(dy) > 9 else None,
        )


def _box(x: float, y: float, width: float, left: bool) -> tuple[float, float, float, float]:
    start = x - width if left else x
    return start, y - 1, start + width, y + _FONT


def _meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
