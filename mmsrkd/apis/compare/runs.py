"""Carry out the runs of a suite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.logging import print_log

from mmsrkd.apis.json_file import write_json
from mmsrkd.apis.provenance import same_but_for_places, without_places
from mmsrkd.apis.test import test
from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint

from .deployed import exported, quantised
from .mean import with_mean
from .staged import train_stage
from .suite import run_config, source, trains, work_folder


def run_one(run: Mapping[str, Any], work_dir: Path, result: Path) -> None:
    """Train a run to its end, going on where it was, test it, and write its JSON."""
    config, checkpoint, found = _made(run, work_dir)
    if checkpoint is not None and "export" in run:
        found |= exported(config, checkpoint, run["export"], work_dir / run["name"])
    measured = test(_called(config, f"{run['name']}-test"), checkpoint)
    write_json(result, {**measured, **found, **_about(run)})


def export_again(run: Mapping[str, Any], work_dir: Path, result: Path) -> None:
    """Export a finished run once more; replaces what its JSON says of the files.

    Raises:
        FileNotFoundError: If the weights it was trained to are not there.
    """
    before = json.loads(result.read_text())
    if trains(run) and not (final := _final(run, run_config(run), work_dir)).is_file():
        raise FileNotFoundError(
            f"{run['name']} has a result but no weights: {final} is gone; give the --work-dir it "
            "was trained in, or remove its JSON to train it again"
        )
    config, checkpoint, _ = _made(run, work_dir, reuse=True)
    if checkpoint is None:
        return
    found = exported(config, checkpoint, run["export"], work_dir / run["name"], before)
    kept = {key: value for key, value in before.items() if not key.startswith("deploy/")}
    write_json(result, {**kept, **found})


def _made(
    run: Mapping[str, Any], work_dir: Path, *, reuse: bool = False
) -> tuple[Config, str | None, dict[str, Any]]:
    """Config, weights and the record of the training; ``reuse`` as for `quantised`."""
    config, checkpoint = run_config(run), run.get("checkpoint")
    found: dict[str, Any] = {}
    if trains(run):
        config, final = _train(run, config, work_dir)
        checkpoint, found = str(final), _record(read_checkpoint(final)["meta"])
    config.launcher, config.work_dir = "none", str(work_dir)
    if checkpoint is not None and "quantize" in run:
        out = work_dir / run["name"]
        checkpoint = quantised(config, checkpoint, run["quantize"], out, reuse=reuse)
    return config, checkpoint, found


def _train(run: Mapping[str, Any], config: Config, work_dir: Path) -> tuple[Config, Path]:
    """Returns the config the run was trained with, and its last checkpoint."""
    if "max_iters" not in config.train_cfg:
        raise KeyError(f"{source(run)}: a suite needs train_cfg.max_iters, a length in steps")
    final = _final(run, config, work_dir)
    if "stages" in run:
        return train_stage(run, work_dir), final
    config.launcher, config.work_dir = "none", str(work_dir)
    if not final.is_file():
        costed = _called(config, f"{run['name']}-train")
        costed.custom_hooks = [*config.get("custom_hooks", []), {"type": "StepCostHook"}]
        train(costed, resume="auto")
    return config, final


def _final(run: Mapping[str, Any], config: Config, work_dir: Path) -> Path:
    """Where the last checkpoint of a run is, or will be."""
    folder = work_dir / run["stage"] if "stages" in run else work_dir
    return folder / f"iter_{config.train_cfg.max_iters}.pth"


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
    about = {"config": source(run), "options": run.get("options", {}), "seed": run.get("seed", 0)}
    about |= {key: run[key] for key in ("quantize", "export") if key in run}
    plain: dict[str, Any] = json.loads(json.dumps(without_places(about)))
    return plain


def run_suite(
    suite: Config,
    results: Path,
    work_dirs: Path,
    only: Iterable[str] | None = None,
    *,
    again: bool = False,
) -> list[str]:
    """Run what has no JSON yet; returns the names of the runs still without one.

    Args:
        suite: As `load_suite` reads it.
        results: Folder of the JSON files.
        work_dirs: Folder of the trainings.
        only: Names of runs; without their ``_seed<number>`` they mean all repetitions.
        again: Instead, export again what has JSON, for its times on a machine that is now idle.

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
        if not wanted & {run.name, _base(run.name)} or target.is_file() != again:
            continue
        print_log(f"run {number} of {len(names)}: {run.name}", "current")
        if not again:
            run_one(run, work_dirs / work_folder(run), target)
        elif "export" in run:
            export_again(run, work_dirs / work_folder(run), target)
    return [name for name in names if not (results / f"{name}.json").is_file()]


def _base(name: str) -> str:
    return name.rpartition("_seed")[0] or name


def read_results(suite: Config, results: Path) -> dict[str, dict[str, Any]]:
    """Read the JSON of every run that has one, in the order of the suite.

    A suite that says ``mean = True`` gets the mean over its test sets beside each of them; one that
    lists sets, the mean over those.

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
        changed = [
            key
            for key in wanted
            if not same_but_for_places(result.get(key, wanted[key]), wanted[key])
        ]
        if changed:
            raise ValueError(
                f"{path} was made with other {', '.join(changed)} than the suite now says; remove "
                "it and the run's folder to make it again"
            )
        mean = suite.get("mean")
        found[run.name] = with_mean(result, None if mean is True else mean) if mean else result
    return found
