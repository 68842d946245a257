from __future__ import annotations

import itertools
from collections.abc import Sequence

from mmsrkd.apis.model_zoo.entries import Entry
from mmsrkd.apis.tables import markdown_table

SETS = ("Set5", "Set14", "BSD100", "Urban100", "Manga109")

_INTRO = """\
# Model zoo

What every network costs, what its authors published, and what their weights give here once
converted. Parameters in brackets are those of the train form, where it has branches that merge.
GMACs: multiply-adds of convolutions and matrix products for one 1280x720 output, merged form, LR
sides rounded down. Quality is PSNR in dB / SSIM on the luminance (BT.601, 16..235), a border of the
scale cut off, MATLAB's bicubic LR, output rounded to 8 bits. Published figures are those of the
papers or of the authors' code; BSD100 and Urban100 are measured on the images at hand where that is
said in [references](results/references.md), so compare Set5 and Set14.

![Quality against cost](model_zoo.svg)
"""
_FOOT = (
    "Made by `python tools/model_zoo.py` from the code, `configs/*/metafile.yml` and "
    "`docs/results/*/*.json`; do not edit."
)


def render(entries: Sequence[Entry]) -> str:
    """Return the Markdown page, one section a family."""
    parts = [_INTRO]
    for _, group in itertools.groupby(entries, key=lambda entry: entry.collection["Name"]):
        members = list(group)
        parts += [_head(members[0]), _cost(members)]
        quality = _quality(members)
        if quality:
            parts.append(quality)
    return "\n\n".join([*(part.rstrip() for part in parts), _FOOT]) + "\n"


def _head(entry: Entry) -> str:
    family = entry.collection
    paper = family.get("Paper", {})
    title = paper.get("Title", "")
    facts = [f"[{title}]({paper['URL']})" if "URL" in paper else title]
    facts.append(str(family["Year"]) if "Year" in family else "")
    if "Code" in family:
        facts.append(f"[code]({family['Code']})")
    weights = family.get("Weights")
    if weights:
        facts.append(
            f"weights {weights['File']} ({weights['Input']}; licence: {weights['License']})"
        )
    return f"## {family['Name']}\n\n" + ", ".join(fact for fact in facts if fact)


def _cost(entries: Sequence[Entry]) -> str:
    rows = [
        [
            f"[{entry.name}](../{entry.config})",
            f"x{entry.scale}",
            _parameters(entry),
            f"{entry.gmacs:,.2f}",
            f"{entry.min_side}x{entry.min_side}",
        ]
        for entry in entries
    ]
    return markdown_table(["config", "scale", "parameters", "GMACs", "smallest input"], rows)


def _parameters(entry: Entry) -> str:
    if entry.parameters == entry.deployed:
        return f"{entry.deployed:,}"
    return f"{entry.deployed:,} ({entry.parameters:,})"


def _quality(entries: Sequence[Entry]) -> str:
    rows = []
    for entry in entries:
        for kind, values in (("published", entry.published), ("measured", entry.measured)):
            cells = [_cell(values, name) for name in SETS]
            if any(cell != "-" for cell in cells):
                source = entry.weights if kind == "measured" and entry.weights else ""
                rows.append(
                    [entry.name, f"{kind} {f'({source})' if source else ''}".strip(), *cells]
                )
    return markdown_table(["config", "", *SETS], rows) if rows else ""


def _cell(values: dict[str, float], name: str) -> str:
    psnr, ssim = values.get(f"{name}/PSNR_Y"), values.get(f"{name}/SSIM_Y")
    if psnr is None:
        return "-"
    return f"{psnr:.2f}" if ssim is None else f"{psnr:.2f} / {ssim:.4f}"
