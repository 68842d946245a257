from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from mmsrkd.apis.environment import read_tested


def test_report_json_and_exit_code(tmp_path: Path, repository: Path):
    path = tmp_path / "env.json"
    command = [sys.executable, "tools/check_env.py", "--json", str(path)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    content = json.loads(path.read_text())
    assert done.returncode == 0, done.stdout + done.stderr
    assert content["works"] is True
    assert content["errors"] == []
    assert done.stdout.rstrip().endswith("mmsrkd can work here")
    assert content["version/mmagic"] == "1.2.0"
    for missing in (key.partition("/")[2] for key in content if key.startswith("left_out/")):
        assert f"without {missing}: " in done.stdout


def test_what_cannot_work_is_said_with_exit_code_1(repository: Path):
    code = (
        "import runpy, sys; sys.modules['mmagic'] = None; sys.argv = ['check_env.py']\n"
        "runpy.run_path('tools/check_env.py', run_name='__main__')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ERROR: mmsrkd does not import: " in done.stdout
    assert "fix: run `make setup`" in done.stdout
    assert "Traceback" not in done.stderr


def test_readme_has_the_table_of_tested_versions(repository: Path):
    tool = runpy.run_path(str(repository / "tools" / "check_env.py"))
    table = tool["tested_table"](read_tested(repository / "requirements" / "tested.json"))
    text = (repository / "README.md").read_text()
    fresh = tool["with_table"](text, table)
    assert fresh == text, "run `python tools/check_env.py --update-readme`"
    assert tool["with_table"](fresh, "| other |").count("| other |") == 1


def test_page_without_marks_is_refused(repository: Path):
    tool = runpy.run_path(str(repository / "tools" / "check_env.py"))
    with pytest.raises(ValueError, match="has no <!-- tested versions: start -->"):
        tool["with_table"]("# A page", "")
