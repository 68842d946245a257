"""Which group the runs of a group are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.config import Config


def twin_group(suite: Config, group: str) -> str | None:
    """Return the group its runs name by ``against``, else the suite's baseline; never itself."""
    named = [run["against"] for run in suite.runs if run["group"] == group and run.get("against")]
    twin = named[0] if named else suite.get("baseline")
    return None if twin == group else twin


def twin_groups(suite: Config) -> list[str]:
    """Return every group that another is compared with, in the order they are named."""
    twins = (twin_group(suite, run["group"]) for run in suite.runs)
    return list(dict.fromkeys(twin for twin in twins if twin is not None))


def check_twins(runs: list[Mapping[str, Any]], path: Any) -> None:
    """Refuse an ``against`` that names no group, or not the same one in a whole group.

    Raises:
        ValueError: With the groups that there are.
    """
    groups = dict.fromkeys(run["group"] for run in runs)
    for group in groups:
        named = {run.get("against") for run in runs if run["group"] == group}
        if len(named) > 1:
            raise ValueError(
                f"{path}: runs of group {group!r} are compared with {sorted(map(str, named))}; "
                "give all of them the same `against`"
            )
        (against,) = named
        if against is not None and against not in groups:
            raise ValueError(
                f"{path}: group {group!r} is compared with {against!r}, which no run has as its "
                f"group; groups are {', '.join(groups)}"
            )
