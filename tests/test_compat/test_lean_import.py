"""The lean loader on packages made for the purpose."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from mmsrkd.compat.lean_import import LEFT_OUT, LeanPackageLoader, find_left_out
from mmsrkd.compat.source_repair import CompatFinder


@pytest.fixture
def lean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write files and import ``leanpkg`` with its packages loaded leanly."""

    def choose(fullname: str, path: str):
        return LeanPackageLoader(fullname, path) if path.endswith("__init__.py") else None

    def load(files: dict[str, str]):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        importlib.invalidate_caches()
        return importlib.import_module("leanpkg")

    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [CompatFinder(choose, ["leanpkg"]), *sys.meta_path])
    before = list(LEFT_OUT)
    yield load
    LEFT_OUT[:] = before
    for name in [n for n in sys.modules if n.partition(".")[0] in ("leanpkg", "fakediffusers")]:
        del sys.modules[name]


EDITOR = "import fakediffusers\n@REG.register_module(name=['alias', 'other'])\nclass Editor: pass\n"
PACKAGE = {
    "leanpkg/__init__.py": (
        "from .plain import first, second\nfrom .editor import Editor\n"
        "__all__ = ['first', 'second', 'Editor']\n"
    ),
    "leanpkg/plain.py": "first, second = 1, 2\n",
    "leanpkg/editor.py": EDITOR.replace("@REG.register_module", "@REG"),
}


def test_missing_third_party_is_left_out_and_recorded(lean):
    package = lean({**PACKAGE, "leanpkg/editor.py": EDITOR})
    assert (package.first, package.second) == (1, 2)
    assert not hasattr(package, "Editor")
    assert package.__all__ == ["first", "second"]
    record = find_left_out("Editor")
    assert record is not None
    assert (record.package, record.missing) == ("leanpkg", "fakediffusers")
    assert record.module == "leanpkg.editor"
    assert find_left_out("alias") == record, "found by the name it would have registered"
    assert find_left_out("first") is None


def test_nothing_is_left_out_where_the_third_party_is_installed(lean):
    editor = "import fakediffusers\nclass Editor: pass\n"
    package = lean({**PACKAGE, "leanpkg/editor.py": editor, "fakediffusers.py": ""})
    assert package.__all__ == ["first", "second", "Editor"]
    assert find_left_out("Editor") is None


def test_each_name_of_a_statement_stands_alone(lean):
    files = {
        "leanpkg/__init__.py": "from .sub import kept, lost\n",
        "leanpkg/sub/__init__.py": "from .a import kept\nfrom .b import lost\n",
        "leanpkg/sub/a.py": "kept = 1\n",
        "leanpkg/sub/b.py": "import fakediffusers\nlost = 1\n",
    }
    package = lean(files)
    assert package.kept == 1
    assert not hasattr(package, "lost")
    reasons = {(r.package, r.missing) for r in LEFT_OUT if r.name == "lost"}
    assert reasons == {("leanpkg.sub", "fakediffusers"), ("leanpkg", "fakediffusers")}


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("raise ValueError('a bug')", ValueError),
        ("undefined_name", NameError),
        ("import mmagic.no_such_module", ImportError),
        ("from mmengine import no_such_name", ImportError),
        ("import torch.no_such_module", ImportError),
        ("from .plain import third", ImportError),
        ("raise ImportError('nobody named')", ImportError),
    ],
)
def test_anything_else_is_raised(lean, statement: str, error: type[Exception]):
    with pytest.raises(error):
        lean({**PACKAGE, "leanpkg/__init__.py": f"{statement}\n"})


def test_compiled_operators_are_third_party(lean):
    package = lean({**PACKAGE, "leanpkg/__init__.py": "from mmcv.ops.no_such import nms\n"})
    assert not hasattr(package, "nms")
    record = find_left_out("nms")
    assert record is not None
    assert "full build" in record.missing
