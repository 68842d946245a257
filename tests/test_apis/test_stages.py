"""Stages: killed and resumed, finished, planned, mistaken, in two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

import mmsrkd.apis.stages.run as run_module
from mmsrkd.apis.stages import StageRecord, plan_table, read_stages, run_stages
from mmsrkd.checkpoints import CheckpointError, network_state_dict, read_checkpoint
from tests.test_apis.chain import STAGES, STEPS


def weights(folder: Path, name: str) -> dict[str, torch.Tensor]:
    return network_state_dict(read_checkpoint(StageRecord(folder).checkpoint(name)))


class KilledError(Exception):
    pass


class KillHook(Hook):
    priority = "HIGHEST"

    def after_train_iter(self, runner: Runner, *args: object, **kwargs: object) -> None:
        if runner.iter == 3:
            raise KilledError


def test_killed_in_every_stage_and_between_them(
    stages_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ends with the weights of the uninterrupted run."""
    whole = run_stages(stages_file, tmp_path / "whole")
    assert list(whole) == sorted(STAGES)
    train, publish = run_module.train, run_module.publish_student
    killed = set()

    def dying_train(config: Any, **more: Any) -> Any:
        name = Path(config.work_dir).name
        if name not in killed:
            killed.add(name)
            config.custom_hooks.append({"type": KillHook})
        return train(config, **more)

    def dying_publish(*args: Any, **more: Any) -> Any:
        if f"publish {args[3]}" not in killed:
            killed.add(f"publish {args[3]}")
            raise KilledError
        return publish(*args, **more)

    monkeypatch.setattr(run_module, "train", dying_train)
    monkeypatch.setattr(run_module, "publish_student", dying_publish)
    deaths = 0
    while True:
        try:
            again = run_stages(stages_file, tmp_path / "killed", resume=True)
            break
        except KilledError:
            deaths += 1
    assert deaths == 2 * len(STAGES)
    for name in STAGES:
        ours, theirs = weights(tmp_path / "whole", name), weights(tmp_path / "killed", name)
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
        assert again[name]["steps"] == STEPS
    assert set(again["student"]["needs"]) == {"teacher", "assistant"}
    record = json.loads((tmp_path / "killed/stages.json").read_text())
    assert record["student"]["needs"]["teacher"] == record["teacher"]["sha256"]
    assert len(record["assistant"]["init_from"]["copied"]) == len(
        weights(tmp_path / "whole", "assistant")
    )
    card = (tmp_path / "killed/teacher/published/teacher.md").read_text()
    assert "not a super-resolution result" in card


def test_finished_stages_are_not_touched(
    stages_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    run_stages(stages_file, work)
    assert plan_table(read_stages(stages_file), work).count("finished ") == 3
    monkeypatch.setattr(run_module, "train", lambda *_a, **_k: pytest.fail("trained again"))
    run_stages(stages_file, work, resume=True)
    with pytest.raises(FileExistsError, match=r"teacher: finished.*--resume goes on"):
        run_stages(stages_file, work)
    record = json.loads((work / "stages.json").read_text())
    record["student"]["needs"]["teacher"] = "0" * 64
    (work / "stages.json").write_text(json.dumps(record))
    with pytest.raises(CheckpointError, match="'student' was trained with another 'teacher'"):
        run_stages(stages_file, work, resume=True)
    published = StageRecord(work).checkpoint("teacher")
    published.write_bytes(published.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="is not the file that was published: put it back"):
        run_stages(stages_file, work, resume=True)
    published.unlink()
    with pytest.raises(CheckpointError, match=r"is finished but its checkpoint .* is gone"):
        run_stages(stages_file, work, resume=True)


def test_a_finished_stage_of_another_config_is_kept_and_told_of(
    stages_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work = tmp_path / "work"
    before = run_stages(stages_file, work, until="teacher")
    capsys.readouterr()
    changed = {"optim_wrapper.optimizer.lr": 1e-7}
    again = run_stages(stages_file, work, until="teacher", resume=True, options=changed)
    assert again == before
    said = capsys.readouterr().out
    assert "warning: stage 'teacher' was trained with another config than it has now" in said


def test_order_options_and_plan(stages_file: Path, tmp_path: Path) -> None:
    stages = read_stages(stages_file, {"train_cfg.max_iters": 9})
    assert [stage.name for stage in stages] == STAGES
    assert [set(stage.needs) for stage in stages] == [set(), {"teacher"}, {"teacher", "assistant"}]
    assert {stage.config.train_cfg.max_iters for stage in stages} == {9}
    other = {"type": "IterBasedTrainLoop", "max_iters": 3}
    entry = {"config": "teacher.py", "replace": {"train_cfg": other}}
    stages_file.write_text("stages = " + repr({"teacher": entry}))
    assert dict(read_stages(stages_file)[0].config.train_cfg) == other
    table = plan_table(stages, tmp_path / "new")
    assert table.count("to train") == 3


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"student": None, "assistant": None}, None, ""),
        ({"teacher": None}, KeyError, "'assistant'.* wants the checkpoint of 'teacher', which"),
        (
            {"teacher": {"config": "teacher.py", "options": {"load_from": "{stage:student}"}}},
            ValueError,
            "stages wait for each other: .*teacher needs student",
        ),
        ({"teacher": {"config": "techer.py"}}, FileNotFoundError, "no file .*techer.py"),
        ({"teacher": {"cfg": "teacher.py"}}, KeyError, "unknown key 'cfg'; nearest: config"),
        ({"teacher": {"options": {}}}, KeyError, "stages.teacher: needs `config`"),
    ],
)
def test_mistakes_in_the_file(
    stages_file: Path, change: dict[str, Any], error: type[Exception] | None, message: str
) -> None:
    entries = {name: {"config": f"{name}.py"} for name in STAGES} | change
    entries = {name: entry for name, entry in entries.items() if entry is not None}
    stages_file.write_text(f"stages = {entries!r}\n")
    if error is None:
        assert len(read_stages(stages_file)) == 1
        return
    with pytest.raises(error, match=message):
        read_stages(stages_file)


def test_only_what_a_stage_is_made_from(stages_file: Path, tmp_path: Path) -> None:
    """Hooks that are added reach every stage, and are no change of its config."""
    hooks = [{"type": "StepCostHook"}]
    made = run_stages(stages_file, tmp_path / "work", until="assistant", hooks=hooks)
    assert set(made) == {"teacher", "assistant"}
    for name in made:
        last = read_checkpoint(tmp_path / f"work/{name}/iter_{STEPS}.pth")
        assert last["meta"]["step_cost"]["step_seconds"] > 0
    hashes = {stage.name: stage.config_sha256 for stage in read_stages(stages_file)}
    assert all(made[name]["config_sha256"] == hashes[name] for name in made)
    with pytest.raises(KeyError, match="no stage 'studnet'; nearest: student"):
        run_stages(stages_file, tmp_path / "other", until="studnet")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tiny", "rlfn", "rfdn", "pan"])
def test_two_processes(name: str, stages_file: Path, tmp_path: Path, repository: Path) -> None:
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2"]
    options: list[str] = []
    if name != "tiny":
        stages_file = repository / f"configs/takdsr/{name}_x2_debug_stages.py"
        options = ["--cfg-options", f"train_dataloader.dataset.data_root={tmp_path / 'data'}"]
    ended = subprocess.run(
        [
            *launcher,
            *(str(repository / "tools/run_stages.py"), str(stages_file)),
            *("--work-dir", str(tmp_path / "work"), "--launcher", "pytorch", *options),
        ],
        cwd=repository,
        env={**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    assert set(StageRecord(tmp_path / "work").entries()) == set(STAGES)
    assert ended.stdout.count("| stage ") == 1
