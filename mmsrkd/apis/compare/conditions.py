"""Whether a run and its twin differ by what is compared alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmengine.config import Config

from mmsrkd.apis.provenance import without_places

from .suite import run_config, trains
from .twins import twin_group

#: What a run and its twin have to share: data and their order, length, optimiser, seed, network.
SHARED = (
    *("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler", "randomness"),
    "model.generator",
)
_ABSENT = "nothing"
_TYPES = ("dataset.type", "generator.type")


def unequal_conditions(suite: Config) -> dict[str, list[str]]:
    """Compare the configs of all trained runs with that of their twin, the run of the same seed.

    Returns:
        By name of the run, sentences such as ``optim_wrapper.optimizer.lr is 0.004, not 0.002``; an
        empty list where all is shared. Runs without a twin, those that do not train, those whose
        twin does not, and QAT, which goes on from the weights of a float twin, are left out.
    """
    trained = [run for run in suite.runs if trains(run)]
    by_place = {(run["group"], run.get("seed", 0)): run for run in trained}
    groups = {group for group, _ in by_place}
    found: dict[str, list[str]] = {}
    for run in trained:
        group, seed = twin_group(suite, run["group"]), run.get("seed", 0)
        if group not in groups:
            continue
        twin = by_place.get((group, seed))
        if twin is None:
            found[run["name"]] = [f"{group!r} has no run of seed {seed}"]
            continue
        config, of_twin = run_config(run), run_config(twin)
        if bool(config.get("quantization")) == bool(of_twin.get("quantization")):
            found[run["name"]] = differing(config, of_twin)
    return found


def differing(config: Mapping[str, Any], twin: Mapping[str, Any]) -> list[str]:
    """Return a sentence for every value under `SHARED` that differs.

    Of a network or data set of another type, the type alone.
    """
    pairs: dict[str, tuple[Any, Any]] = {}
    for part in SHARED:
        ours, theirs = (dict(_leaves(_at(c, part), part)) for c in (config, twin))
        for key in dict.fromkeys([*theirs, *ours]):
            pair = (ours.get(key, _ABSENT), theirs.get(key, _ABSENT))
            if pair[0] != pair[1]:
                pairs[key] = without_places(pair)
    others = [key.removesuffix("type") for key in pairs if key.endswith(_TYPES)]
    return [
        f"{key} is {ours}, not {theirs}"
        for key, (ours, theirs) in pairs.items()
        if key.endswith(_TYPES) or not key.startswith(tuple(others))
    ]


def _at(config: Mapping[str, Any], path: str) -> Any:
    value: Any = config
    for name in path.split("."):
        value = value.get(name, {})
    return value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        yield path, value
    for key, inner in items:
        yield from _leaves(inner, f"{path}.{key}")
