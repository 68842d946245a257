"""Differences between paired runs, and how far they can be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Result = Mapping[str, Any]
RESAMPLES = 10_000


@dataclass(frozen=True)
class Difference:
    """Mean of paired differences with a 95 % confidence interval.

    Attributes:
        mean: In the unit of the metric; positive is more than the baseline.
        low: Lower end of the interval; nan where nothing can be said.
        high: Upper end.
        pairs: Seeds, or images.
        over: ``seeds`` (the trainings vary) or ``images`` (one training; only the images vary).
    """

    mean: float
    low: float
    high: float
    pairs: int
    over: str


def paired_difference(
    runs: Sequence[Result], twins: Sequence[Result], column: str, *, images: bool = False
) -> Difference | None:
    """Compare the runs of a group with those of the baseline, seed by seed.

    Two or more seeds in common: Student's t-interval over their differences. One: a bootstrap over
    the test images, which says nothing about another training. What was not trained (an official
    checkpoint, bicubic) is compared with the mean of all twins, over the images; where it is the
    twin, as the float network of QAT, every seed is compared with it.

    Args:
        runs: Results of the group.
        twins: Results of the baseline.
        column: Such as ``Set5/PSNR_Y``.
        images: Also take several seeds over the images, each with its mean over the seeds.

    Returns:
        None if no two results can be paired.
    """
    mine, theirs = ({_seed(r): r for r in rs if column in r} for rs in (runs, twins))
    if not mine or not theirs:
        return None
    if list(mine) == [None]:
        return over_images(list(mine.values()), list(theirs.values()), column)
    if list(theirs) == [None]:
        theirs = dict.fromkeys(mine, theirs[None])
    common = sorted(seed for seed in mine if seed in theirs and seed is not None)
    if not common:
        return None
    if images or len(common) == 1:
        return over_images([mine[s] for s in common], [theirs[s] for s in common], column)
    return over_seeds([mine[s][column] - theirs[s][column] for s in common])


def over_seeds(differences: Sequence[float]) -> Difference:
    """Student's t-interval of two or more differences."""
    from scipy.stats import t

    values = np.asarray(differences, dtype=float)
    count, mean = len(values), float(values.mean())
    half = float(t.ppf(0.975, count - 1) * values.std(ddof=1) / np.sqrt(count))
    return Difference(mean, mean - half, mean + half, count, "seeds")


def over_images(runs: Sequence[Result], twins: Sequence[Result], column: str) -> Difference:
    """Percentile bootstrap over the images that both sides measured; always the same draws."""

    def difference(key: str) -> float:
        return float(np.mean([r[key] for r in runs]) - np.mean([t[key] for t in twins]))

    mean, everyone = difference(column), [*runs, *twins]
    images = [k for k in image_keys(runs[0], column) if all(k in one for one in everyone)]
    if len(images) < 2:
        return Difference(mean, float("nan"), float("nan"), len(images), "images")
    values = np.array([difference(key) for key in images])
    draws = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return Difference(mean, float(low), float(high), len(values), "images")


def image_keys(result: Result, column: str) -> list[str]:
    """Keys of the single images behind ``column``: ``Set5/baby/PSNR_Y`` of ``Set5/PSNR_Y``."""
    name, _, metric = column.partition("/")
    return [
        key
        for key in result
        if key.count("/") == 2 and key.startswith(f"{name}/") and key.endswith(f"/{metric}")
    ]


def _seed(result: Result) -> int | None:
    return result.get("train/seed")
