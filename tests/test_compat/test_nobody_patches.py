"""Nothing outside compat changes another package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

OTHERS = {"mmagic", "mmengine", "mmcv", "mmdeploy", "torch", "torchvision", "numpy", "cv2", "onnx"}
#: Switches that their packages offer for setting.
SETTINGS = ("torch.backends.",)


def patches(source: str) -> list[str]:
    """Assignments to, and setattr or delattr on, names imported from other packages."""
    tree = ast.parse(source)
    imported = set(_imported(tree))
    found = []
    for node in ast.walk(tree):
        for target in _targets(node):
            text = ast.unparse(target)
            base = _base(target)
            if base in imported and text != base and not text.startswith(SETTINGS):
                found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.partition(".")[0] in {*OTHERS, "sys"}:
                    yield (alias.asname or alias.name).partition(".")[0]
        elif isinstance(node, ast.ImportFrom) and _root(node) in OTHERS:
            yield from (alias.asname or alias.name for alias in node.names)


def _root(node: ast.ImportFrom) -> str:
    return "" if node.level else (node.module or "").partition(".")[0]


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign | ast.Delete):
        return list(node.targets)
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "delattr"):
        return [ast.Attribute(node.args[0], "_", ast.Store())]
    return []


def _base(target: ast.expr) -> str | None:
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


def test_nothing_outside_compat_patches_anybody(repository: Path):
    files = [*(repository / "mmsrkd").rglob("*.py"), *(repository / "tools").rglob("*.py")]
    assert len(files) > 20
    found = {
        str(path.relative_to(repository)): patches(path.read_text())
        for path in files
        if "compat" not in path.relative_to(repository).parts
    }
    assert not {path: lines for path, lines in found.items() if lines}


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.load = print",
        "import torch.nn as nn\nnn.Module.forward = print",
        "from mmengine.runner import Runner\nRunner.train = print",
        "from mmagic import registry\nsetattr(registry, 'MODELS', 1)",
        "import numpy as np\nnp.bool8 = bool",
        "import sys\nsys.modules['mmcv'] = None",
        "import mmengine\ndel mmengine.registry",
    ],
)
def test_a_patch_is_seen(source: str):
    assert patches(source)


@pytest.mark.parametrize(
    "source",
    [
        "import torch\ntorch.backends.cudnn.benchmark = True",
        "import torch\nclass A: pass\na = A()\na.x = torch.zeros(1)",
        "import torch\nx = torch.zeros(1)",
    ],
)
def test_ordinary_code_is_not(source: str):
    assert not patches(source)
