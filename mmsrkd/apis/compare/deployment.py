"""The section of a page on files in their runtimes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmsrkd.apis.tables import markdown_table

from .set_order import usual_order
from .statistics import Result

_BACKEND = "/export/backend"

NOTE = """\
"change" is PSNR_Y in the runtime less PSNR_Y in PyTorch with the same roundings, in dB. Times are
medians of turns taken in one process on one input; "times" is how often the file is as fast as the
same runtime in fp32, and as PyTorch in fp32."""


def deployment(results: Mapping[str, Result]) -> str:
    """Return the section, one row a run and runtime; empty where nothing was exported."""
    exported = {
        (name, backend): _figures(run, backend)
        for name, run in results.items()
        for backend in _backends(run)
    }
    if not exported:
        return ""
    sets = usual_order(s for found in exported.values() for s in _changes(found))
    rows = [_row(name, found, sets) for (name, _), found in exported.items()]
    head = ["run", "file", "bytes", *(f"change, {name}" for name in sets)]
    head += ["convolutions in int8", "operators in int8", "input", "threads", "ms", "times fp32"]
    return f"## Deployment\n\n{markdown_table([*head, 'times PyTorch'], rows)}\n\n{NOTE}"


def _backends(run: Result) -> list[str]:
    return [k.split("/")[1] for k in run if k.startswith("deploy/") and k.endswith(_BACKEND)]


def _figures(run: Result, backend: str) -> dict[str, Any]:
    start = f"deploy/{backend}/"
    return {k.removeprefix(start): value for k, value in run.items() if k.startswith(start)}


def _changes(found: Mapping[str, Any]) -> dict[str, float]:
    keys = [k for k in found if k.endswith("/change_dB") and k != "proof/change_dB"]
    return {k.split("/")[0]: found[k] for k in keys}


def _row(name: str, found: Mapping[str, Any], sets: list[str]) -> list[str]:
    backend, precision = (found[f"export/{key}"] for key in ("backend", "precision"))
    changes = _changes(found)
    cells = [f"{changes[s]:+.3f}" if s in changes else "-" for s in sets]
    row = [name, f"{backend} {precision}", f"{found['export/bytes']:,}", *cells]
    return row + _timing(found, backend, precision)


def _timing(found: Mapping[str, Any], backend: str, precision: str) -> list[str]:
    def figure(label: str, key: str) -> Any:
        return found.get(f"{label}/{key}")

    own = f"{backend} {precision}"
    shares = [
        "-"
        if figure(own, kind) is None
        else f"{figure(own, f'int8_{kind}')} of {figure(own, kind)}"
        for kind in ("convolutions", "operators")
    ]
    shape = "x".join(map(str, found.get("latency/shape", ())))
    threads = str(found.get("latency/threads", "-"))
    taken, plain = figure(own, "median_ms"), figure(f"{backend} fp32", "median_ms")
    if taken is None:
        return [*shares, shape or "-", threads, "-", "-", "-"]
    faster = "-" if plain is None else f"{plain / taken:.2f}"
    return [*shares, shape, threads, f"{taken:.1f}", faster, f"{figure(own, 'times_as_fast'):.2f}"]
