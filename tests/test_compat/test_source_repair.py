from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from mmsrkd.compat.source_repair import CompatFinder, RepairingLoader


def _answer(tree: ast.Module) -> ast.Module:
    tree.body.append(ast.parse("answer = 42").body[0])
    return tree


def test_repair_reaches_the_module_past_its_bytecode(tmp_path: Path, monkeypatch):
    (tmp_path / "repaired.py").write_text("answer = 41\n")
    (tmp_path / "bystander.py").write_text("answer = 41\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module("repaired").answer == 41  # leaves bytecode behind
    del sys.modules["repaired"]

    def choose(fullname: str, path: str):
        return RepairingLoader(fullname, path, _answer) if fullname == "repaired" else None

    finder = CompatFinder(choose, ["repaired"])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    assert importlib.import_module("repaired").answer == 42
    assert importlib.import_module("bystander").answer == 41
    del sys.modules["repaired"], sys.modules["bystander"]


def test_activating_late_is_refused():
    import subprocess

    code = (
        "import sys, types; sys.modules['mmagic.utils'] = types.ModuleType('x')\n"
        "from mmsrkd import compat; compat.activate()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "import mmsrkd.registry first" in run.stderr


def test_activating_twice_installs_one_finder():
    import mmsrkd.registry  # noqa: F401
    from mmsrkd import compat

    compat.activate()
    assert sum(isinstance(finder, CompatFinder) for finder in sys.meta_path) == 1


@pytest.mark.parametrize("name", ["mmsrkd", "mmsrkd.compat"])
def test_importing_the_package_is_free(name: str):
    import subprocess

    code = f"import sys, {name}; print(sorted({{'torch', 'mmengine', 'numpy'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
