"""Lean package imports: leave out what needs a third-party package that is not here.

mmagic imports every editor it has, and with them diffusers, transformers, compiled mmcv operators
and more, before the first super-resolution network can be built. A package ``__init__`` loaded by
`LeanPackageLoader` runs one statement at a time and drops the names whose import fails on a missing
or unfit third-party package. Each drop is recorded in `LEFT_OUT`, so that whoever asks for the name
later hears what to install. Nothing but an `ImportError` that comes from outside the lean packages
is tolerated.
"""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from .source_repair import TreeRepair

#: Packages that may never be the reason of a left-out: their failure is a bug to be seen.
#: Submodules that exist only in a full build are the exception (mmcv-lite has no compiled
#: operators).
FIRST_PARTY = frozenset({"mmagic", "mmcv", "mmdeploy", "mmengine", "mmsrkd", "torch"})
OPTIONAL_SUBMODULES = ("mmcv.ops", "mmcv._ext")


@dataclass(frozen=True)
class LeftOut:
    """A name that a lean import dropped.

    Attributes:
        package: Package whose ``__init__`` would have offered the name.
        name: The dropped name; ``*`` for a star import.
        missing: The third-party package (or submodule) that could not be imported.
        reason: Text of the original error.
        module: Module the name was to come from; empty if the statement was no import.
    """

    package: str
    name: str
    missing: str
    reason: str
    module: str = ""


LEFT_OUT: list[LeftOut] = []

#: ImportError carries the name it wanted as an attribute only from Python 3.12 on.
_CANNOT_IMPORT = re.compile(r"cannot import name '(?P<name>\w+)'")


def find_left_out(name: str) -> LeftOut | None:
    """Return the record of a dropped class, or None.

    Args:
        name: Class name, or the name it would have registered itself under.
    """
    for record in LEFT_OUT:
        if record.name == name:
            return record
    return next((r for r in LEFT_OUT if name in _registered_names(r.module)), None)


@cache
def _registered_names(module: str) -> frozenset[str]:
    """Names a module that could not be imported would have registered, read from its source."""
    try:
        spec = importlib.util.find_spec(module) if module else None
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return frozenset()
    names = set()
    for node in ast.walk(ast.parse(Path(spec.origin).read_bytes())):
        if isinstance(node, ast.ClassDef):
            for call in node.decorator_list:
                if "register_module" in ast.unparse(call):
                    constants = (n.value for n in ast.walk(call) if isinstance(n, ast.Constant))
                    names |= {node.name, *(value for value in constants if isinstance(value, str))}
    return frozenset(names)


def missing_third_party(error: ImportError, loading: str) -> str | None:
    """Return the third-party package behind an import error, or None if it must not be tolerated.

    A name that one lean package left out is missing from its other users for the same reason.

    Args:
        error: What an import raised.
        loading: Package that is being imported; it counts as first party.
    """
    culprit = error.name or ""
    if culprit.startswith(OPTIONAL_SUBMODULES):
        return "mmcv (full build with compiled operators)"
    root = culprit.partition(".")[0]
    if root and root not in FIRST_PARTY | {loading.partition(".")[0]}:
        return root
    wanted = _CANNOT_IMPORT.match(str(error))
    names = {"*"} | ({wanted["name"]} if wanted else set())
    dropped = (r for r in LEFT_OUT if r.package == culprit and r.name in names)
    return next((record.missing for record in dropped), None)


class LeanPackageLoader(importlib.machinery.SourceFileLoader):
    """Runs a package's ``__init__`` statement by statement, dropping what third parties prevent.

    Args:
        fullname: Name of the package.
        path: Its ``__init__.py``.
        repair: Applied to the syntax tree first.
    """

    def __init__(self, fullname: str, path: str, repair: TreeRepair | None = None) -> None:
        super().__init__(fullname, path)
        self._repair = repair

    def exec_module(self, module: ModuleType) -> None:
        """Execute the package; afterwards ``__all__`` lists only names that exist."""
        path = self.get_filename(module.__name__)
        tree = ast.parse(self.get_data(path), filename=path)
        if self._repair is not None:
            tree = self._repair(tree)
        for statement in tree.body:
            for part in _importable_parts(statement):
                _run(ast.copy_location(part, statement), module, path)
        if "__all__" in vars(module):
            offered = [name for name in vars(module)["__all__"] if hasattr(module, name)]
            vars(module)["__all__"] = offered


def _run(statement: ast.stmt, module: ModuleType, path: str) -> None:
    tree = ast.fix_missing_locations(ast.Module([statement], []))
    try:
        exec(compile(tree, path, "exec"), module.__dict__)  # this is how a module is executed
    except ImportError as error:
        missing = missing_third_party(error, module.__name__)
        if missing is None:
            raise
        source = _source_module(statement, module.__name__)
        name = _bound_name(statement)
        LEFT_OUT.append(LeftOut(module.__name__, name, missing, str(error), source))


def _importable_parts(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Split ``from x import a, b`` so that one missing name does not take the others with it."""
    if not isinstance(statement, ast.ImportFrom):
        yield statement
        return
    for alias in statement.names:
        yield ast.ImportFrom(statement.module, [alias], statement.level)


def _source_module(statement: ast.stmt, package: str) -> str:
    if isinstance(statement, ast.Import):
        return statement.names[0].name
    if isinstance(statement, ast.ImportFrom):
        relative = "." * statement.level + (statement.module or statement.names[0].name)
        return importlib.util.resolve_name(relative, package)
    return ""


def _bound_name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return statement.names[0].name
    return ast.unparse(statement).partition("=")[0].strip()
