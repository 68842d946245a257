from __future__ import annotations

import ast
import importlib
import importlib.metadata
import inspect
from pathlib import Path

import torch

import mmsrkd.registry  # noqa: F401
from mmsrkd.compat.mmdeploy import _repair_export

MODULE = "mmdeploy/apis/onnx/export.py"


def _calls(tree: ast.AST) -> list[set[str | None]]:
    """Keywords of each call of the exporter."""
    return [
        {keyword.arg for keyword in node.keywords}
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.onnx.export"
    ]


def _stock() -> ast.Module:
    files = importlib.metadata.files("mmdeploy") or []
    path = Path(next(f for f in files if str(f) == MODULE).locate())
    return ast.parse(path.read_text())


def test_call_still_unrepaired():
    assert [("dynamo" in keywords) for keywords in _calls(_stock())] == [False]
    assert inspect.signature(torch.onnx.export).parameters["dynamo"].default is True


def test_repair_chooses_the_torchscript_exporter():
    repaired = _repair_export(_stock())
    assert [("dynamo" in keywords) for keywords in _calls(repaired)] == [True]
    assert "dynamo=False" in ast.unparse(repaired)


def test_the_imported_module_is_the_repaired_one():
    module = importlib.import_module("mmdeploy.apis.onnx.export")
    assert type(module.__loader__).__name__ == "RepairingLoader"
