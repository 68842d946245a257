"""mmagic 1.2.0 on a current stack.

Applies to mmagic 1.2.x. What is repaired, and the test that tells when it can go:

* its packages import every editor and so every third-party package at once: loaded leanly
  (``tests/test_compat/test_mmagic.py::test_stock_import_still_fails``);
* ``mmagic.utils.trans_utils`` reads ``np.bool8``, gone in NumPy 2: read as ``np.bool_``
  (``test_bool8_still_used``);
* ``mmagic.models.archs`` unpacks the None that its own function returns without diffusers: it raises the
  import error instead, which the lean loader records (``test_archs_still_unpacks_none``).
"""

from __future__ import annotations

import ast
import importlib.abc

from .lean_import import LeanPackageLoader
from .source_repair import RepairingLoader


class _Bool8(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr == "bool8":
            node.attr = "bool_"
        return node


def _repair_bool8(tree: ast.Module) -> ast.Module:
    return _Bool8().visit(tree)


class _RaiseWithoutDiffusers(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.AST:
        if ast.unparse(node.test) == "diffusers is None":
            error = "raise ImportError('No module named diffusers', name='diffusers')"
            node.body = ast.parse(error).body
        return node


def _repair_archs(tree: ast.Module) -> ast.Module:
    return _RaiseWithoutDiffusers().visit(tree)


def choose_loader(fullname: str, path: str) -> importlib.abc.Loader | None:
    """Lean loading for every package of mmagic below the top one, the NumPy repair for one module."""
    if fullname == "mmagic.utils.trans_utils":
        return RepairingLoader(fullname, path, _repair_bool8)
    if fullname == "mmagic.models.archs":
        return LeanPackageLoader(fullname, path, _repair_archs)
    if path.endswith("__init__.py") and fullname.startswith("mmagic."):
        return LeanPackageLoader(fullname, path)
    return None
