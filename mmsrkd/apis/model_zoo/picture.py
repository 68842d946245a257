from __future__ import annotations

import io
from collections.abc import Sequence

from mmsrkd.apis.model_zoo.entries import Entry

_SCALES = (2, 4)


def draw(entries: Sequence[Entry]) -> bytes:
    """Return an SVG: Set5 PSNR (measured, else published) over GMACs, one panel a scale."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "mmsrkd", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(11, 4.6), layout="constrained")
        axes = figure.subplots(1, len(_SCALES))
        for panel, scale in zip(axes, _SCALES, strict=True):
            panel.set(xscale="log", title=f"x{scale}, Set5", xlabel="GMACs for 1280x720")
            panel.set_ylabel("PSNR (dB, luminance)")
            panel.grid(alpha=0.25)
            for entry in entries:
                quality = entry.measured.get("Set5/PSNR_Y") or entry.published.get("Set5/PSNR_Y")
                if entry.scale == scale and quality and entry.gmacs > 0:
                    filled = "Set5/PSNR_Y" in entry.measured
                    panel.plot(
                        entry.gmacs,
                        quality,
                        "o",
                        color="#2f6f8f",
                        fillstyle="full" if filled else "none",
                    )
                    label = entry.name.removesuffix(f"_x{scale}")
                    panel.annotate(
                        label, (entry.gmacs, quality), xytext=(4, 3), textcoords="offset points"
                    )
        figure.supxlabel("filled: measured here; open: published", fontsize=7)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()
