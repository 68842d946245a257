from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = sorted((Path(__file__).resolve().parents[2] / "tools").rglob("*.py"))
CODE = """
import runpy, sys
sys.argv = [sys.argv[1], "--help"]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as leaving:
    assert not leaving.code, leaving.code
heavy = {"torch", "mmengine", "mmagic", "cv2", "numpy", "onnx"} & set(sys.modules)
print("heavy:", sorted(heavy))
"""


@pytest.mark.parametrize("tool", TOOLS, ids=lambda path: path.name)
def test_help_is_instant(tool: Path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", CODE, str(tool)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run.stdout.startswith("usage: ")
    assert run.stdout.rstrip().endswith("heavy: []")
    # processor time, which other work on the machine does not change
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2
