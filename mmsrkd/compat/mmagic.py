"""mmagic 1.2.0 on a current stack.

Applies to mmagic 1.2.x. What is repaired, and the test that tells when it can go:

* its packages import every editor and so every third-party package at once: loaded leanly
  (``tests/test_compat/test_mmagic.py::test_stock_import_still_fails``);
* ``mmagic.utils.trans_utils`` reads ``np.bool8``, gone in NumPy 2: read as ``np.bool_``
  (``test_bool8_still_used``);
* ``mmagic.models.archs`` unpacks the None that its own function returns without diffusers: it
raises the
  import error instead, which the lean loader records (``test_archs_still_unpacks_none``);
* six modules of the StyleGANs print a warning at every import where mmcv has no compiled operators:
those
  that fall back on PyTorch do so silently, those that go on with None, and would die of it when
  they are used, are left out like everything else that needs the operators
  (``test_still_prints_warnings``);
* three networks cannot be exported, or for one size only (`mmsrkd.compat.mmagic_networks`).
"""

from __future__ import annotations

import ast
import importlib.abc
from functools import partial

from . import mmagic_networks
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


class _MissingOperators(ast.NodeTransformer):
    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        warnings = [s for s in node.body if ast.unparse(s).startswith("print('Warning: mmcv.ops")]
        useless = any(isinstance(s, ast.Assign) and _is_none(s.value) for s in node.body)
        if warnings and useless:
            node.body = [ast.Raise()]
        else:
            node.body = [s for s in node.body if s not in warnings]
        return node


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _repair_operator_warnings(tree: ast.Module) -> ast.Module:
    return _MissingOperators().visit(tree)


OPERATOR_WARNINGS = tuple(
    f"mmagic.models.editors.{name}"
    for name in (
        "mspie.mspie_stylegan2_modules",
        "stylegan2.ada.augment",
        "stylegan2.ada.upfirdn2d",
        "stylegan2.stylegan2_modules",
        "stylegan3.stylegan3_modules",
        "stylegan3.stylegan3_utils",
    )
)


def choose_loader(fullname: str, path: str) -> importlib.abc.Loader | None:
    """Lean loading for the packages of mmagic below the top one, repairs for single modules."""
    if fullname == "mmagic.utils.trans_utils":
        return RepairingLoader(fullname, path, _repair_bool8)
    if fullname in OPERATOR_WARNINGS:
        return RepairingLoader(fullname, path, _repair_operator_warnings)
    if fullname in mmagic_networks.EXCHANGED:
        return RepairingLoader(fullname, path, partial(mmagic_networks.exchange, fullname))
    if fullname == "mmagic.models.archs":
        return LeanPackageLoader(fullname, path, _repair_archs)
    if path.endswith("__init__.py") and fullname.startswith("mmagic."):
        return LeanPackageLoader(fullname, path)
    return None
