"""A teacher fed the truth, an assistant fed a mix, a student: three trainings of a few steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests import tiny

STEPS = 4
STAGES = ["teacher", "assistant", "student"]
MIX = {"type": "Mix", "of": ["teacher.compact", "lr"], "shares": [0.3, 0.7]}


def image_terms(*teachers: str) -> dict[str, Any]:
    return {
        f"loss_{name}": {
            "type": "SoftTargetLoss",
            "args": {"student": "student.out", "teacher": f"{name}.out"},
        }
        for name in teachers
    }


def models() -> dict[str, dict[str, Any]]:
    """Config of each stage's model."""
    encoder = {"channels": 4, "mid_channels": 4}
    teacher = {"checkpoint": "{stage:teacher}", "input": "gt"}
    taps = {"teacher": {"compact": "compact"}}
    generators = {
        "teacher": {
            "type": "PrivilegedSR",
            "decoder": tiny.student(),
            "encoder": encoder,
            "scale": 2,
        },
        "assistant": tiny.student(),
        "student": tiny.student(num_blocks=1),
    }
    changes: dict[str, dict[str, Any]] = {
        "teacher": {"type": "PrivilegedEditModel"},
        "assistant": {
            "type": "PrivilegedEditModel",
            "input": MIX,
            "distill": {
                "teachers": {"teacher": teacher},
                "taps": taps,
                "losses": image_terms("teacher"),
            },
        },
        "student": {
            "type": "DistillEditModel",
            "distill": {
                "teachers": {
                    "teacher": teacher,
                    "assistant": {"checkpoint": "{stage:assistant}", "input": MIX},
                },
                "taps": taps,
                "losses": image_terms("teacher", "assistant"),
            },
        },
    }
    return {n: tiny.model_config() | {"generator": generators[n]} | changes[n] for n in STAGES}


def write_stages(folder: Path) -> Path:
    """Write the configs and the stages file, its stages in another order than they can run in."""
    for name, model in models().items():
        cfg = tiny.train_config(folder, model, steps=STEPS)
        if name != "teacher":
            cfg.init_from = {"checkpoint": "{stage:teacher}", "prefix": "decoder."}
        cfg.dump(folder / f"{name}.py")
    entries = {name: {"config": f"{name}.py"} for name in reversed(STAGES)}
    (folder / "stages.py").write_text(f"stages = {entries!r}\n")
    return folder / "stages.py"
