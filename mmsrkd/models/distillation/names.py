"""Names of tensors in a distillation block: look-up, globs, and errors that list what is near."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterable, Mapping
from typing import Any

_GLOB = frozenset("*?[")


def near(name: str, legal: Iterable[str], count: int = 5) -> str:
    """Return a hint such as ``; nearest: a, b`` for an unknown name (empty without any)."""
    pool = sorted(set(legal))
    found = difflib.get_close_matches(name, pool, n=count, cutoff=0.3) or pool[:count]
    return f"; nearest: {', '.join(found)}" if found else ""


def is_glob(name: str) -> bool:
    """Whether the name stands for several tensors."""
    return not _GLOB.isdisjoint(name)


def expand(name: str, legal: Iterable[str], where: str) -> list[str]:
    """Return the tensors that ``name``, perhaps a glob such as ``student.local*``, stands for.

    Args:
        name: As written in the config.
        legal: Names that exist, in the order they were declared; a glob keeps that order.
        where: Part of the config, for the message.

    Raises:
        KeyError: If nothing matches; the message lists the nearest names.
    """
    pool = list(legal)
    found = [n for n in pool if fnmatch.fnmatchcase(n, name)] if is_glob(name) else []
    if not is_glob(name) and name in pool:
        found = [name]
    if not found:
        raise KeyError(f"{where}: no tensor is called {name!r}{near(name, pool)}")
    return found


def check_keys(given: Mapping[str, Any], legal: Iterable[str], where: str) -> None:
    """Refuse keys nobody reads, which would otherwise be typos that train for days.

    Raises:
        KeyError: Naming the key and the nearest legal ones.
    """
    pool = list(legal)
    for key in given:
        if key not in pool:
            raise KeyError(f"{where}: unknown key {key!r}{near(key, pool)}")
