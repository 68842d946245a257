"""Train all stages of a file, each to its end."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import barrier, is_main_process
from mmengine.registry import DefaultScope

from mmsrkd.apis.complexity import count_parameters
from mmsrkd.apis.placeholders import resolve
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.publish import StudentCard, publish_student
from mmsrkd.apis.resume import resume_path
from mmsrkd.apis.stages.plan import Stage, needed_for, read_stages
from mmsrkd.apis.stages.record import StageRecord
from mmsrkd.apis.tables import markdown_table
from mmsrkd.apis.train import train
from mmsrkd.checkpoints import CheckpointError, read_checkpoint
from mmsrkd.quantization import apply_quantization
from mmsrkd.registry import MODELS


def run_stages(
    path: str | Path,
    work_dir: str | Path,
    *,
    until: str | None = None,
    resume: bool = False,
    options: Mapping[str, Any] | None = None,
    launcher: str = "none",
    amp: bool = False,
    hooks: Sequence[Mapping[str, Any]] = (),
) -> dict[str, dict[str, Any]]:
    """Train the stages of a file one after the other; finished ones are skipped.

    Every stage has a folder under ``work_dir``: its logs and checkpoints, and in ``published`` the
    network that ``{stage:<name>}`` in later configs becomes. ``stages.json`` says where each came
    from. A run that was stopped anywhere, between two stages too, goes on with ``resume``.

    Args:
        path: Stages file, see `read_stages`.
        work_dir: Folder of all stages.
        until: Train this stage and those it is made from, and no other.
        resume: Go on with what is in ``work_dir``.
        options: Overrides for all configs.
        launcher: As of `tools/train.py`.
        amp: As of `tools/train.py`.
        hooks: Added to the ``custom_hooks`` of every stage; they are no part of what
            ``stages.json`` calls its config.

    Returns:
        What ``stages.json`` holds.

    Raises:
        FileExistsError: ``work_dir`` has stages already and ``resume`` is not set.
        CheckpointError: A finished stage's checkpoint is gone, or is not what a later one used.
        KeyError: There is no stage ``until``.
    """
    stages, record = read_stages(path, options), StageRecord(work_dir)
    if until is not None:
        stages = needed_for(stages, until)
    if not resume:
        _require_fresh(stages, record)
    for stage in stages:
        if stage.name not in record.entries():
            config = stage_config(stage, record)
            config.launcher = launcher
            config.custom_hooks = [*config.get("custom_hooks", []), *map(dict, hooks)]
            train(config, resume="auto", amp=amp)
            if is_main_process():
                _publish(stage, record)
            barrier()  # the others read the record next
        elif _is_changed(stage, record):
            print_once(
                f"warning: stage {stage.name!r} was trained with another config than it has now "
                "and is kept; another --work-dir trains it as it is now"
            )
        record.require_inputs(stage.name)
        print_once(f"stage {stage.name}: {record.checkpoint(stage.name)}")
    return record.entries()


def plan_table(stages: Sequence[Stage], work_dir: str | Path) -> str:
    """Say what `run_stages` would do, as a table; builds each network to find mistakes now."""
    record = StageRecord(work_dir)
    rows = []
    for stage in stages:
        with DefaultScope.overwrite_default_scope("mmsrkd"):
            network = MODELS.build(copy.deepcopy(stage.config.model.generator.to_dict()))
        rows.append(
            [
                stage.name,
                stage.path.name,
                ", ".join(stage.needs) or "-",
                f"{count_parameters(network):,}",
                _state(stage, record),
            ]
        )
    return markdown_table(["stage", "config", "needs", "parameters", "state"], rows)


def print_once(text: str) -> None:
    """Print in the main process alone."""
    if is_main_process():
        print(text, flush=True)


def _require_fresh(stages: Sequence[Stage], record: StageRecord) -> None:
    for stage in stages:
        if _state(stage, record) != "to train":
            raise FileExistsError(
                f"{record.folder} has stages already ({stage.name}: {_state(stage, record)}): "
                "--resume goes on with them, another --work-dir starts anew"
            )


def _state(stage: Stage, record: StageRecord) -> str:
    entry = record.entries().get(stage.name)
    if entry is not None:
        return "finished" + (", with another config" if _is_changed(stage, record) else "")
    steps = [
        int(match[1])
        for file in (record.folder / stage.name).glob("*.pth")
        if (match := re.fullmatch(r"(?:iter|epoch)_(\d+)\.pth", file.name))
    ]
    return f"goes on at step {max(steps)}" if steps else "to train"


def _is_changed(stage: Stage, record: StageRecord) -> bool:
    """Whether a finished stage was trained with another config than its file now gives."""
    changed: bool = record.entries()[stage.name]["config_sha256"] != stage.config_sha256
    return changed


def stage_config(stage: Stage, record: StageRecord) -> Config:
    """Return what a stage is trained with once those it needs are finished."""
    config = copy.deepcopy(stage.config)
    resolve(config, {name: str(record.checkpoint(name)) for name in stage.needs})
    config.work_dir = str(record.folder / stage.name)
    # runs that start in one second would share logger and message hub
    config.experiment_name = f"{record.folder.name}-{stage.name}"
    return config


def _publish(stage: Stage, record: StageRecord) -> None:
    folder = record.folder / stage.name
    checkpoint = resume_path(folder)
    if checkpoint is None:
        raise CheckpointError(
            f"stage {stage.name!r} left no checkpoint in {folder}: its config must save the last "
            "step (default_hooks.checkpoint)"
        )
    meta = read_checkpoint(checkpoint)["meta"]
    entries = record.entries()
    made_from = {name: entries[name]["sha256"] for name in stage.needs}
    origin = provenance()
    published = publish_student(
        checkpoint,
        apply_quantization(stage.config.copy()).model.generator.to_dict(),
        folder / "published",
        stage.name,
        deploy=stage.deploy,
        card=StudentCard(
            config=stage.path.stem,
            commit=origin["meta/commit"],
            training=f"Stage {stage.name} of {record.folder.name}, {meta['iter']} steps.",
            notes=_privilege(stage),
        ),
    )
    details = {
        "config": stage.path.name,
        "config_sha256": stage.config_sha256,
        "steps": meta["iter"],
        "needs": made_from,
        "init_from": meta.get("init_from"),
        **origin,
    }
    record.add(stage.name, published.safetensors, details)


def _privilege(stage: Stage) -> str:
    cls: Any = MODELS.get(stage.config.model.type)
    reason = getattr(cls, "privileged", "")
    return f"Privileged: while it was trained, {reason}." if reason else ""
