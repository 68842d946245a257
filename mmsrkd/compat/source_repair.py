"""Import machinery that repairs the source of named modules while they load.

Replacing one node of a module's syntax tree as it is imported leaves every other package (NumPy,
torch) untouched, which assigning attributes to them would not.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Sequence
from types import CodeType, ModuleType

TreeRepair = Callable[[ast.Module], ast.Module]


class RepairingLoader(importlib.machinery.SourceFileLoader):
    """Loads one module from source with a repair applied to its syntax tree."""

    def __init__(self, fullname: str, path: str, repair: TreeRepair) -> None:
        super().__init__(fullname, path)
        self._repair = repair

    def get_code(self, fullname: str) -> CodeType:
        """Compile the repaired source; the bytecode cache holds the unrepaired module."""
        path = self.get_filename(fullname)
        tree = self._repair(ast.parse(self.get_data(path), filename=path))
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


class CompatFinder(importlib.abc.MetaPathFinder):
    """Gives chosen modules a loader of ours; every other import goes its usual way.

    Args:
        choose: Called with a module's full name and the path of its source file; returns the loader
            to use, or None to leave the module alone.
        packages: Top-level packages whose modules are offered to ``choose``.
    """

    def __init__(
        self,
        choose: Callable[[str, str], importlib.abc.Loader | None],
        packages: Sequence[str],
    ) -> None:
        self._choose = choose
        self._packages = frozenset(packages)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the ordinary spec with its loader exchanged, or None (see PEP 451)."""
        if fullname.partition(".")[0] not in self._packages:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            return None
        loader = self._choose(fullname, spec.origin)
        if loader is None:
            return None
        spec.loader = loader
        return spec


def install(finder: CompatFinder) -> None:
    """Put ``finder`` before Python's own finders."""
    sys.meta_path.insert(0, finder)
