"""What a suite says, at one budget and with so many seeds."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

#: What a run of a suite may say.
RUN_KEYS = ("name", "group", "config", "seed", "options", "checkpoint")


def load_suite(path: str | Path, budget: str | None = None, seeds: int | None = None) -> Config:
    """Read a suite: ``name``, ``title``, ``intro``, ``baseline`` (a group), ``runs``, budgets.

    Args:
        path: The suite. ``budgets = dict(debug=dict(options), ...)`` names sizes of it, and
            ``budget`` the one that is meant when none is asked for.
        budget: Which; its options are merged into every run that trains, after the run's own.
        seeds: Repeat every run that trains and names no seed with seeds 0 to ``seeds`` - 1; names
            get ``_seed<number>``.

    Returns:
        The suite with its final runs; ``folder``, the name of what it writes: that of the suite,
        with the budget behind it where that is not the usual one; and ``flags``, how it was asked.

    Raises:
        KeyError: If a run has an unknown key or lacks one of name, group and config, or if the
            suite has no such budget.
        ValueError: If two runs have one name, or two runs of a group one seed.
    """
    suite = Config.fromfile(path)
    for run in suite.runs:
        unknown = set(run) - set(RUN_KEYS)
        lacking = {"name", "group", "config"} - set(run)
        if unknown or lacking:
            raise KeyError(
                f"{path}: run {run.get('name')!r} has unknown keys {sorted(unknown)} or lacks "
                f"{sorted(lacking)}; legal keys are {', '.join(RUN_KEYS)}"
            )
    usual = suite.get("budget")
    suite.folder = suite.name if budget in (None, usual) else f"{suite.name}-{budget}"
    asked = {"--budget": budget, "--seeds": seeds}
    suite.flags = "".join(f" {k} {v}" for k, v in asked.items() if v is not None)
    options = _budget_options(suite, budget or usual, path)
    if options:
        suite.runs = [_with_options(run, options) if trains(run) else run for run in suite.runs]
    if seeds is not None:
        suite.runs = [repeated for run in suite.runs for repeated in _repeat(run, seeds)]
    _check_runs(suite, path)
    return suite


def run_config(run: Mapping[str, Any]) -> Config:
    """Return the config of a run with its seed and options in it."""
    config = Config.fromfile(run["config"])
    config.merge_from_dict({"randomness.seed": run.get("seed", 0)})
    config.merge_from_dict(copy.deepcopy(dict(run.get("options", {}))))
    return config


def trains(run: Mapping[str, Any]) -> bool:
    """Whether the run trains; others test a checkpoint, or a network without weights."""
    return run.get("checkpoint") is None and "train_cfg" in Config.fromfile(run["config"])


def _budget_options(suite: Config, budget: str | None, path: str | Path) -> dict[str, Any]:
    budgets = suite.get("budgets", {})
    if budget is None:
        return {}
    if budget not in budgets:
        raise KeyError(
            f"--budget: {path} has no budget {budget!r}, it has {', '.join(budgets) or 'none'}; "
            f"add budgets = dict({budget}=dict(<options as for --cfg-options>)) to it"
        )
    return dict(budgets[budget])


def _with_options(run: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    return {**run, "options": {**run.get("options", {}), **options}}


def _repeat(run: Mapping[str, Any], seeds: int) -> list[dict[str, Any]]:
    if seeds < 1:
        raise ValueError(f"--seeds must be at least 1, got {seeds}")
    if "seed" in run or not trains(run):
        return [dict(run)]
    return [{**run, "name": f"{run['name']}_seed{seed}", "seed": seed} for seed in range(seeds)]


def _check_runs(suite: Config, path: str | Path) -> None:
    names = [run["name"] for run in suite.runs]
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two runs have the same name among {', '.join(names)}")
    places = [(run["group"], run.get("seed", 0)) for run in suite.runs]
    for place in places:
        if places.count(place) > 1:
            raise ValueError(
                f"{path}: group {place[0]!r} has two runs of seed {place[1]}, so which one is the "
                "twin is not defined; give one another group"
            )
