"""The demo's result for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmsrkd.apis.tables import markdown_table

ROWS = ("bicubic", "student", "published", "teacher")


def demo_table(summary: Mapping[str, Any]) -> str:
    """Lay out quality and cost of each network, then parity and time in one line."""
    names = [name for name in ROWS if f"{name}/PSNR_Y" in summary]
    table = markdown_table(
        ["held-out images", "PSNR_Y", "SSIM_Y", "parameters", "GMACs (720p)"],
        [_row(name, summary) for name in names],
    )
    return (
        f"\n{table}\n\n"
        f"student - bicubic: {summary['student/gain_dB']:+.2f} dB; ONNX Runtime - PyTorch: at most "
        f"{summary['parity/max_abs_error']:.1e}; {summary['seconds/total']:.0f} s in all"
    )


def _row(name: str, summary: Mapping[str, Any]) -> list[str]:
    return [
        name,
        f"{summary[f'{name}/PSNR_Y']:.2f}",
        f"{summary[f'{name}/SSIM_Y']:.4f}",
        f"{summary[f'{name}/parameters']:,}",
        f"{summary[f'{name}/GMACs_720p']:.1f}",
    ]
