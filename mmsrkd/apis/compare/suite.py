"""What a suite says, at one budget and with so many seeds."""

from __future__ import annotations

import copy
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from mmsrkd.apis.said_once import name_environment_once
from mmsrkd.apis.stages import Stage, needed_for, read_stages

from .twins import check_twins

#: What a run of a suite may say.
RUN_KEYS = (
    *("name", "group", "against", "config", "stages", "stage", "seed", "options", "checkpoint"),
    *("quantize", "export"),
)
#: What it has to say, with a config of its own or as one stage of several.
NEEDS, STAGE_NEEDS = {"name", "group", "config"}, {"name", "group", "stages", "stage"}
ALONE = ("config", "checkpoint")


def load_suite(path: str | Path, budget: str | None = None, seeds: int | None = None) -> Config:
    """Read a suite: ``name``, ``title``, ``intro``, ``baseline`` (a group), ``runs``, budgets.

    A run may name its own ``against``, the group its differences are to; ``quantize``, a scheme
    that its trained network is quantised by before it is tested; and ``export``, arguments of
    `mmsrkd.deploy.export`, to be measured in the runtime too. ``digits`` are those of a PSNR on the
    page, 2 by default.

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
        KeyError: If a run has an unknown key or lacks one of name, group and config (or stages and
            stage), or if the suite has no such budget.
        ValueError: If two runs have one name, two runs of a group one seed, or a group is compared
            with none that there is.
    """
    name_environment_once()  # a suite reads a hundred configs
    suite = Config.fromfile(path)
    for run in suite.runs:
        _check_keys(run, path)
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
    """Return the config of a run with its seed and options in it; of a stage, as in its file."""
    if "stages" in run:
        return run_stage(run).config.copy()
    config = Config.fromfile(run["config"])
    config.merge_from_dict(all_options(run))
    return config


def run_stage(run: Mapping[str, Any]) -> Stage:
    """Return the stage that a run tests; seed and options are those of every stage before it, too.

    Raises:
        KeyError: If the file has no such stage.
    """
    stages = _stages_once(run["stages"], json.dumps(all_options(run), sort_keys=True))
    return needed_for(stages, run["stage"])[-1]


@functools.lru_cache(maxsize=32)
def _stages_once(path: str, options: str) -> tuple[Stage, ...]:
    """The stages of a file, which many runs of a suite share; reading one takes seconds."""
    return read_stages(path, json.loads(options))


def all_options(run: Mapping[str, Any]) -> dict[str, Any]:
    """Overrides of a run, its seed among them."""
    return {"randomness.seed": run.get("seed", 0), **copy.deepcopy(dict(run.get("options", {})))}


def source(run: Mapping[str, Any]) -> str:
    """Config of a run, or its stage: ``stages.py:student``."""
    return str(run["config"]) if "config" in run else f"{run['stages']}:{run['stage']}"


def work_folder(run: Mapping[str, Any]) -> str:
    """Name of the folder a run is trained in.

    Runs whose stages come from one file, with the same seed and options, have one folder: what two
    of them need is trained once.
    """
    if "stages" not in run:
        return str(run["name"])
    told = json.dumps([run["stages"], all_options(run)], sort_keys=True, default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()[:8]
    return f"{Path(run['stages']).stem}_seed{run.get('seed', 0)}-{digest}"


def trains(run: Mapping[str, Any]) -> bool:
    """Whether the run trains; others test a checkpoint, or a network without weights."""
    if run.get("checkpoint") is not None:
        return False
    return "stages" in run or "train_cfg" in Config.fromfile(run["config"])


def _check_keys(run: Mapping[str, Any], path: str | Path) -> None:
    needed, other = (STAGE_NEEDS, ALONE) if {"stages", "stage"} & set(run) else (NEEDS, ())
    unknown, lacking = set(run) - set(RUN_KEYS), needed - set(run)
    if unknown or lacking:
        raise KeyError(
            f"{path}: run {run.get('name')!r} has unknown keys {sorted(unknown)} or lacks "
            f"{sorted(lacking)}; legal keys are {', '.join(RUN_KEYS)}"
        )
    spare = set(run) & set(other)
    if spare:
        raise KeyError(
            f"{path}: run {run['name']!r} is a stage, which has config and checkpoint of its own; "
            f"remove {', '.join(sorted(spare))}"
        )


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
    check_twins(suite.runs, path)
    for run in suite.runs:
        asked_for = [key for key in ("quantize", "export") if key in run]
        if asked_for and run.get("checkpoint") is None and not trains(run):
            raise ValueError(
                f"{path}: run {run['name']!r} is to {' and '.join(asked_for)} a network without "
                "weights; give it a checkpoint or a config that trains"
            )
