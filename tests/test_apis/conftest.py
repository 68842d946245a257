"""The tools as a user calls them, without the seconds a new process takes."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from mmengine.logging import MessageHub, MMLogger
from mmengine.registry import DefaultScope
from mmengine.visualization import Visualizer

from tests.test_apis.chain import write_stages


@dataclass
class Ended:
    """How a tool ended: exit status, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that says what was wrong."""
        lines = [line for line in self.err.splitlines() if line.startswith("error: ")]
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


Tool = Callable[..., Ended]


@pytest.fixture
def tool(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Tool:
    """Call ``tools/<name>.py`` in this process."""
    monkeypatch.delenv("MMSRKD_TRACEBACK", raising=False)
    torch.set_num_threads(1)

    def call(name: str, *args: object) -> Ended:
        script = str(repository / "tools" / f"{name}.py")
        _forget_the_last_run()
        monkeypatch.setattr(sys, "argv", [script, *map(str, args)])
        code: object = 0
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as end:
            code = end.code or 0
        captured = capfd.readouterr()
        if isinstance(code, str):
            return Ended(1, captured.out, f"{captured.err}{code}\n")
        return Ended(int(str(code)), captured.out, captured.err)

    return call


@pytest.fixture
def stages_file(tmp_path: Path) -> Path:
    """Stages file of teacher, assistant and student, a few steps each."""
    torch.set_num_threads(1)
    return write_stages(tmp_path)


def _forget_the_last_run() -> None:
    """Loggers and hubs live as long as the process, and runs of the same second share them."""
    for manager in (MMLogger, MessageHub, Visualizer, DefaultScope):
        manager._instance_dict.clear()
