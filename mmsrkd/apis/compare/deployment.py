"""The section of a page on files in their runtimes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmsrkd.apis.tables import markdown_table

from .statistics import Result

NOTE = """\
"change" is PSNR_Y in the runtime less PSNR_Y in PyTorch with the same roundings, in dB. Times are
medians of turns taken in one process on one input; "times" is how often the file is as fast as the
same runtime in fp32, and as PyTorch in fp32."""


def deployment(results: Mapping[str, Result]) -> str:
    """Return the section, one row an exported run; empty where none was."""
    exported = {name: run for name, run in results.items() if "deploy/export/backend" in run}
    if not exported:
        return ""
    sets = list(dict.fromkeys(s for run in exported.values() for s in _changes(run)))
    rows = [_row(name, run, sets) for name, run in exported.items()]
    head = ["run", "file", "bytes", *(f"change, {name}" for name in sets)]
    head += ["convolutions in int8", "operators in int8", "input", "ms", "times fp32"]
    return f"## Deployment\n\n{markdown_table([*head, 'times PyTorch'], rows)}\n\n{NOTE}"


def _changes(run: Result) -> dict[str, float]:
    keys = [k for k in run if k.startswith("deploy/") and k.endswith("/change_dB")]
    return {k.split("/")[1]: run[k] for k in keys if k != "deploy/proof/change_dB"}


def _row(name: str, run: Result, sets: list[str]) -> list[str]:
    backend, precision = (run[f"deploy/export/{key}"] for key in ("backend", "precision"))
    changes = _changes(run)
    cells = [f"{changes[s]:+.3f}" if s in changes else "-" for s in sets]
    row = [name, f"{backend} {precision}", f"{run['deploy/export/bytes']:,}", *cells]
    return row + _timing(run, backend, precision)


def _timing(run: Result, backend: str, precision: str) -> list[str]:
    def figure(label: str, key: str) -> Any:
        return run.get(f"deploy/{label}/{key}")

    own = f"{backend} {precision}"
    shares = [
        "-"
        if figure(own, kind) is None
        else f"{figure(own, f'int8_{kind}')} of {figure(own, kind)}"
        for kind in ("convolutions", "operators")
    ]
    shape = "x".join(map(str, run.get("deploy/latency/shape", ())))
    taken, plain = figure(own, "median_ms"), figure(f"{backend} fp32", "median_ms")
    if taken is None:
        return [*shares, shape or "-", "-", "-", "-"]
    faster = "-" if plain is None else f"{plain / taken:.2f}"
    return [*shares, shape, f"{taken:.1f}", faster, f"{figure(own, 'times_as_fast'):.2f}"]
