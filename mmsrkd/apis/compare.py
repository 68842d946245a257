"""Train and test a suite of runs under equal conditions, and lay the results side by side."""

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

#: What a run of a suite may say.
RUN_KEYS = ("name", "group", "config", "seed", "options", "checkpoint")


def load_suite(path: str | Path) -> Config:
    """Read a suite: ``name``, ``title``, ``intro``, ``baseline`` (a group) and ``runs``.

    Raises:
        KeyError: If a run has an unknown key or lacks one of name, group and config.
        ValueError: If two runs have one name.
    """
    suite = Config.fromfile(path)
    names = [run.get("name") for run in suite.runs]
    for run in suite.runs:
        unknown = set(run) - set(RUN_KEYS)
        lacking = {"name", "group", "config"} - set(run)
        if unknown or lacking:
            raise KeyError(
                f"{path}: run {run.get('name')!r} has unknown keys {sorted(unknown)} or lacks "
                f"{sorted(lacking)}; legal keys are {', '.join(RUN_KEYS)}"
            )
    if len(set(names)) != len(names):
        raise ValueError(f"{path}: two runs have the same name among {', '.join(names)}")
    return suite


def run_one(run: Mapping[str, Any], work_dir: Path, result: Path) -> None:
    """Train a run to its end, going on where it was, test it, and write its JSON."""
    config = Config.fromfile(run["config"])
    options = {"randomness.seed": run.get("seed", 0), **run.get("options", {})}
    config.merge_from_dict(options)
    config.launcher, config.work_dir = "none", str(work_dir)
    checkpoint = run.get("checkpoint")
    provenance: dict[str, Any] = {}
    if "train_cfg" in config and checkpoint is None:
        if "max_iters" not in config.train_cfg:
            raise KeyError(f"{run['config']}: a suite needs train_cfg.max_iters, a length in steps")
        final = work_dir / f"iter_{config.train_cfg.max_iters}.pth"
        if not final.is_file():
            train(config.copy(), resume="auto")
        checkpoint = str(final)
        meta = read_checkpoint(final)["meta"]
        record = meta.get("provenance", {})
        provenance = {f"train/{k.removeprefix('meta/')}": v for k, v in record.items()}
        provenance |= {"train/seed": meta["seed"], "train/steps": meta["iter"]}
    measured = test(config.copy(), checkpoint)
    write_json(result, {**measured, **provenance, **_about(run)})


def _about(run: Mapping[str, Any]) -> dict[str, Any]:
    """What a result is made from; it is stale when the suite says something else."""
    options = dict(run.get("options", {}))
    return {"config": run["config"], "options": options, "seed": run.get("seed", 0)}


def run_suite(
    suite: Config, results: Path, work_dirs: Path, only: Iterable[str] | None = None
) -> list[str]:
    """Run what has no JSON yet; returns the names of the runs still without one.

    Raises:
        KeyError: If ``only`` names a run that the suite does not have.
    """
    chosen = list(only) if only else [run.name for run in suite.runs]
    unknown = set(chosen) - {run.name for run in suite.runs}
    if unknown:
        raise KeyError(f"--only: the suite {suite.name} has no run {', '.join(sorted(unknown))}")
    for number, run in enumerate(suite.runs, 1):
        target = results / f"{run.name}.json"
        if run.name in chosen and not target.is_file():
            print_log(f"run {number} of {len(suite.runs)}: {run.name}", "current")
            run_one(run, work_dirs / run.name, target)
    return [run.name for run in suite.runs if not (results / f"{run.name}.json").is_file()]


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
