"""Stages whose networks do not fit together, from the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mmsrkd.apis.stages import StageRecord
from tests import tiny
from tests.test_apis.chain import STAGES
from tests.test_apis.conftest import Tool


def trunk(path: str) -> dict[str, Any]:
    return {"path": path, "role": "input"}


TRUNK = {
    "model.generator.channels": 4,
    "model.distill.taps.student": {"trunk": trunk("upsampler")},
    "model.distill.taps.teacher.trunk": trunk("decoder.upsampler"),
    "model.distill.losses.loss_trunk": {
        "type": "FeatureL1Loss",
        "args": {"student": "student.trunk", "teacher": "teacher.trunk"},
    },
}


@pytest.mark.parametrize(
    ("stage", "options", "message"),
    [
        (
            "assistant",
            TRUNK,  # what it starts from comes before what it is compared with
            r"init_from: head.0.weight is \(8, 3, 3, 3\) in .*teacher-.* and \(4, 3, 3, 3\) in "
            "LGRNet: give both networks the same width",
        ),
        (
            "assistant",
            {**TRUNK, "init_from": None},
            r"the student gives \(2, 4, .*, the teacher \(2, 8, .*; put an adapter between them",
        ),
        (
            "student",
            {"model.distill.teachers.assistant.generator": tiny.student(channels=4)},
            r"assistant-.*does not fit LGRNet: .*head.0.weight is \(8, 3, 3, 3\).*take this "
            "network's checkpoint",
        ),
    ],
)
def test_networks_of_another_width(
    tool: Tool,
    stages_file: Path,
    tmp_path: Path,
    stage: str,
    options: dict[str, Any],
    message: str,
) -> None:
    """One line with cause, value and fix; what was finished before stays."""
    entries = {name: {"config": f"{name}.py"} for name in STAGES}
    entries[stage]["options"] = options
    stages_file.write_text(f"stages = {entries!r}\n")
    ended = tool("run_stages", stages_file, "--work-dir", tmp_path / "work")
    assert ended.code == 1
    assert re.search(message, ended.error), ended.error
    assert set(StageRecord(tmp_path / "work").entries()) == set(STAGES[: STAGES.index(stage)])
