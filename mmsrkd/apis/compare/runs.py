"""Carry out the runs of a suite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.logging import print_log

from mmsrkd.apis.json_file import write_json
from mmsrkd.apis.test import test
from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint

from .suite import run_config


def run_one(run: Mapping[str, Any], work_dir: Path, result: Path) -> None:
    """Train a run to its end, going on where it was, test it, and write its JSON."""
    config = run_config(run)
    config.launcher, config.work_dir = "none", str(work_dir)
    checkpoint = run.get("checkpoint")
    training: dict[str, Any] = {}
    if "train_cfg" in config and checkpoint is None:
        if "max_iters" not in config.train_cfg:
            raise KeyError(f"{run['config']}: a suite needs train_cfg.max_iters, a length in steps")
        final = work_dir / f"iter_{config.train_cfg.max_iters}.pth"
        if not final.is_file():
            config.custom_hooks = [*config.get("custom_hooks", []), {"type": "StepCostHook"}]
            train(_called(config, f"{run['name']}-train"), resume="auto")
        checkpoint = str(final)
        training = _record(read_checkpoint(final)["meta"])
    measured = test(_called(config, f"{run['name']}-test"), checkpoint)
    write_json(result, {**measured, **training, **_about(run)})


def _called(config: Config, name: str) -> Config:
    """A copy with a name of its own: runs of one name and second would share mmengine's log hub."""
    named = config.copy()
    named.experiment_name = name
    return named


def _record(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What the checkpoint says of its training: origin, seed, length, cost."""
    origin = {k.removeprefix("meta/"): v for k, v in meta.get("provenance", {}).items()}
    cost = meta.get("step_cost", {})
    entries = {**origin, **cost, "seed": meta["seed"], "steps": meta["iter"]}
    return {f"train/{key}": value for key, value in entries.items()}


def _about(run: Mapping[str, Any]) -> dict[str, Any]:
    """What a result is made from; it is stale when the suite says something else."""
    options = dict(run.get("options", {}))
    return {"config": run["config"], "options": options, "seed": run.get("seed", 0)}


def run_suite(
    suite: Config, results: Path, work_dirs: Path, only: Iterable[str] | None = None
) -> list[str]:
    """Run what has no JSON yet; returns the names of the runs still without one.

    Args:
        suite: As `load_suite` reads it.
        results: Folder of the JSON files.
        work_dirs: Folder of the trainings.
        only: Names of runs; without their ``_seed<number>`` they mean all repetitions.

    Raises:
        KeyError: If ``only`` names a run that the suite does not have.
    """
    names = [run.name for run in suite.runs]
    wanted = set(names if only is None else only)
    unknown = wanted - set(names) - {_base(name) for name in names}
    if unknown:
        raise KeyError(f"--only: the suite {suite.name} has no run {', '.join(sorted(unknown))}")
    for number, run in enumerate(suite.runs, 1):
        target = results / f"{run.name}.json"
        if wanted & {run.name, _base(run.name)} and not target.is_file():
            print_log(f"run {number} of {len(names)}: {run.name}", "current")
            run_one(run, work_dirs / run.name, target)
    return [name for name in names if not (results / f"{name}.json").is_file()]


def _base(name: str) -> str:
    return name.rpartition("_seed")[0] or name


def read_results(suite: Config, results: Path) -> dict[str, dict[str, Any]]:
    """Read the JSON of every run that has one, in the order of the suite.

    Raises:
        ValueError: If one was made with another config, seed or options than the suite has now.
    """
    found = {}
    for run in suite.runs:
        path = results / f"{run.name}.json"
        if not path.is_file():
            continue
        result = json.loads(path.read_text())
        wanted = _about(run)
        changed = [key for key in wanted if result.get(key, wanted[key]) != wanted[key]]
        if changed:
            raise ValueError(
                f"{path} was made with other {', '.join(changed)} than the suite now says; remove "
                "it and the run's folder to make it again"
            )
        found[run.name] = result
    return found
