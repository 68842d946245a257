"""Runs of a suite that are one stage of several."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from mmengine.config import Config

from mmsrkd.apis.stages import StageRecord, needed_for, read_stages, run_stages, stage_config

from .suite import all_options


def train_stage(run: Mapping[str, Any], folder: Path) -> Config:
    """Train the stage of a run and those it is made from, as far as they are not finished.

    Args:
        run: With ``stages`` and ``stage``.
        folder: Of all stages of the same file, options and seed, see `work_folder`.

    Returns:
        Config of the stage, with the checkpoints it was made from.

    Raises:
        RuntimeError: If another process trains in the folder.
        ValueError: If a finished stage was trained with another config.
    """
    options, name = all_options(run), run["stage"]
    stages, record = needed_for(read_stages(run["stages"], options), name), StageRecord(folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            _refuse_changed(stages, record)
            cost = {"type": "StepCostHook"}
            run_stages(
                run["stages"], folder, until=name, resume=True, options=options, hooks=[cost]
            )
    except Timeout as error:
        raise RuntimeError(
            f"another process trains in {folder}: runs of one stages file and seed share stages, "
            "start them in one command (--only with all their names)"
        ) from error
    return stage_config(stages[-1], record)


def _refuse_changed(stages: Any, record: StageRecord) -> None:
    entries = record.entries()
    for stage in stages:
        if stage.name in entries and entries[stage.name]["config_sha256"] != stage.config_sha256:
            raise ValueError(
                f"stage {stage.name!r} in {record.folder} was trained with another config than "
                f"{stage.path.name} now says; remove that folder to train its stages again"
            )
