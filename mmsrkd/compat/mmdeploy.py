"""mmdeploy 1.3.1 on current PyTorch.

Applies to mmdeploy 1.3.x with torch >= 2.9, where `torch.onnx.export` takes the dynamo exporter by
default; mmdeploy's rewriters and symbolic functions work with the TorchScript one only, so the call
is given ``dynamo=False``. Can go when
``tests/test_compat/test_mmdeploy.py::test_call_still_unrepaired`` fails.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import sys

from .source_repair import RepairingLoader

_EXPORTER = "mmdeploy.apis.onnx.export"


class _TorchScriptExporter(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        given = {keyword.arg for keyword in node.keywords}
        if ast.unparse(node.func) == "torch.onnx.export" and "dynamo" not in given:
            node.keywords.append(ast.keyword("dynamo", ast.Constant(False)))
        return node


def _repair_export(tree: ast.Module) -> ast.Module:
    return _TorchScriptExporter().visit(tree)


def reload_if_imported() -> None:
    """Import the exporter's module anew if mmdeploy has done so before the repairs were there.

    That is the order of mmdeploy's own tools. It looks its functions up by module and name when it
    calls them, so that the new one is found.
    """
    module = sys.modules.get(_EXPORTER)
    if module is not None and not isinstance(module.__loader__, RepairingLoader):
        importlib.reload(module)


def choose_loader(fullname: str, path: str) -> importlib.abc.Loader | None:
    """Repair the one module that calls the exporter."""
    if fullname == _EXPORTER:
        return RepairingLoader(fullname, path, _repair_export)
    return None
