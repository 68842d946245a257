"""The mean over all test sets, as the tables of papers that test on scenes have it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

MEAN = "mean"
_NO_SETS = ("meta", "protocol", "train", MEAN)


def with_mean(result: Mapping[str, Any], only: Collection[str] | None = None) -> dict[str, Any]:
    """Return a result with ``mean/PSNR_Y`` and the like; each set has the same weight.

    The sets stand where the images of a set do (``mean/bedroom/PSNR_Y``), so an interval over
    images is one over sets.

    Args:
        result: Of one run.
        only: The sets that count; a result that lacks one has no mean. None for all it has.
    """
    by_metric: dict[str, dict[str, float]] = {}
    for key, value in result.items():
        name, _, metric = key.partition("/")
        counts = name not in _NO_SETS if only is None else name in only
        if key.count("/") == 1 and counts and isinstance(value, float):
            by_metric.setdefault(metric, {})[name] = value
    if only is not None:
        by_metric = {m: v for m, v in by_metric.items() if len(v) == len(only)}
    means = {f"{MEAN}/{m}": sum(v.values()) / len(v) for m, v in by_metric.items()}
    sets = {f"{MEAN}/{n}/{m}": value for m, v in by_metric.items() for n, value in v.items()}
    return {**result, **means, **sets}
