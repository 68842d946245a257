"""All measurements of a run, and the table of them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmsrkd.apis.benchmark.cases import CASES, Case, prepare
from mmsrkd.apis.benchmark.memory import contrast_memory
from mmsrkd.apis.benchmark.timing import Setting, describe, time_steps
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.tables import markdown_table


def run(
    configs: Sequence[str] = (), setting: Setting | None = None, *, memory: bool = True
) -> dict[str, Any]:
    """Measure in one run.

    Args:
        configs: Configs that distil; `CASES` if none is given.
        setting: What is timed, and where.
        memory: Whether to measure the memory of FACD's contrast too.

    Returns:
        ``steps`` by case, ``memory``, the sizes and where it was measured.
    """
    setting = setting or Setting()
    where = setting.take()
    cases = {Path(path).stem: Case(path) for path in configs} or CASES
    with tempfile.TemporaryDirectory() as folder:
        prepared = {
            name: prepare(case, setting.batch, setting.lr_patch, where, Path(folder))
            for name, case in cases.items()
        }
    times = time_steps(prepared, setting.turns, where)
    steps = {
        name: {**times[name].as_json(), "parameters": prepared[name].sizes} for name in prepared
    }
    return {
        **provenance(),
        **setting.as_json(),
        "steps": steps,
        "memory": contrast_memory(where) if memory else {},
    }


def render(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    head = ["case", "student, ms", "teacher, ms", "distillation, ms", "ratio"]
    rows = [
        [
            name,
            *(f"{step[key]:.1f}" for key in ("student_ms", "teacher_ms", "distil_ms")),
            f"{step['ratio']:.3f}",
        ]
        for name, step in result["steps"].items()
    ]
    lines = [describe(result), "", markdown_table(head, rows)]
    memory = dict(result["memory"])
    if memory:
        ratio = memory.pop("ratio")
        peaks = ", ".join(f"{name} {size / 2**20:.0f} MiB" for name, size in memory.items())
        lines += ["", f"Peak memory, 16 maps of 64x48x48: {peaks}; ratio {ratio:.2f}"]
    return "\n".join(lines)
