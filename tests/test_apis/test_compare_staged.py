"""Suites with runs that are one stage of several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from mmengine.config import Config

import mmsrkd.apis.stages.run as stages_run
from mmsrkd.apis import compare
from mmsrkd.apis.compare.conditions import differing
from mmsrkd.apis.compare.mean import with_mean
from mmsrkd.apis.compare.suite import work_folder
from tests.test_apis.test_compare import write_suite

SUITE = """
name = "chain"
title = "Chain"
baseline = "plain"
stages = "{folder}/chain_stages.py"
runs = [
    dict(name=stage, group=stage, stages=stages, stage=stage) for stage in ("plain", "one", "two")
]
"""
START = {"init_from": {"checkpoint": "{stage:first}"}}


@pytest.fixture
def suite_file(tmp_path: Path) -> Path:
    """Stage ``first`` that both ``one`` and ``two`` begin with, and one that nobody asks for."""
    torch.set_num_threads(1)
    write_suite(tmp_path)
    stages = {name: {"config": "plain.py"} for name in ("first", "plain", "unwanted")}
    stages |= {name: {"config": "plain.py", "options": START} for name in ("one", "two")}
    (tmp_path / "chain_stages.py").write_text(f"stages = {stages!r}\n")
    (tmp_path / "chain.py").write_text(SUITE.format(folder=tmp_path))
    return tmp_path / "chain.py"


def test_stages_are_trained_once_for_each_seed(
    suite_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = compare.load_suite(suite_file, seeds=2)
    assert not any(compare.unequal_conditions(suite).values())
    trained: list[tuple[int, str]] = []

    def noting_train(config: Config, **more: object) -> object:
        trained.append((config.randomness.seed, Path(config.work_dir).name))
        return train(config, **more)

    train = stages_run.train
    monkeypatch.setattr(stages_run, "train", noting_train)
    only = ["plain", "one", "two_seed1"]
    missing = compare.run_suite(suite, tmp_path / "results", tmp_path / "work", only)
    assert missing == ["two_seed0"]
    chain = [(seed, name) for name in ("first", "one") for seed in (0, 1)]
    assert sorted(trained) == sorted([(0, "plain"), (1, "plain"), *chain, (1, "two")])
    results = compare.read_results(suite, tmp_path / "results")
    for name, result in results.items():
        assert result["config"] == f".../chain_stages.py:{name.partition('_')[0]}"
        assert (result["train/seed"], result["train/steps"]) == (int(name[-1]), 4)
        assert result["train/step_seconds"] > 0
        assert "Set5/PSNR_Y" in result


def test_what_is_shared_and_what_is_not() -> None:
    run = {"name": "a", "group": "g", "stages": "s_stages.py", "stage": "one"}
    assert work_folder(run) == work_folder({**run, "name": "b", "stage": "two"})
    others = [{"seed": 1}, {"options": {"train_cfg.max_iters": 2}}, {"stages": "x/s_stages.py"}]
    assert len({work_folder({**run, **other}) for other in ({}, *others)}) == 4
    assert work_folder({"name": "a", "group": "g", "config": "a.py"}) == "a"


def test_a_changed_stage_and_a_second_process_are_refused(suite_file: Path, tmp_path: Path) -> None:
    suite = compare.load_suite(suite_file)
    results, work = tmp_path / "results", tmp_path / "work"
    folder = work / work_folder(suite.runs[0])
    folder.mkdir(parents=True)
    with FileLock(folder / "lock"), pytest.raises(RuntimeError, match="start them in one command"):
        compare.run_suite(suite, results, work, only=["plain"])
    changed = {"plain": {"config_sha256": "of another"}}
    (folder / "stages.json").write_text(json.dumps(changed))
    with pytest.raises(ValueError, match=r"'plain' in .* another config than plain\.py now says"):
        compare.run_suite(suite, results, work, only=["plain"])


@pytest.mark.parametrize(
    ("run", "message"),
    [
        ("stages='s.py'", r"lacks \['stage'\]"),
        ("config='c.py', stage='a'", r"lacks \['stages'\]"),
        ("stages='s.py', stage='a', checkpoint='x.pth'", "of its own; remove checkpoint"),
    ],
)
def test_runs_that_say_half(tmp_path: Path, run: str, message: str) -> None:
    (tmp_path / "suite.py").write_text(f"name = 's'\nruns = [dict(name='a', group='g', {run})]\n")
    with pytest.raises(KeyError, match=message):
        compare.load_suite(tmp_path / "suite.py")


def test_no_such_stage(suite_file: Path, tmp_path: Path) -> None:
    suite = compare.load_suite(suite_file)
    suite.runs[0].stage = "plane"
    with pytest.raises(KeyError, match="no stage 'plane'; nearest: plain"):
        compare.run_suite(suite, tmp_path / "results", tmp_path / "work", only=["plain"])


def test_every_set_weighs_the_same_in_the_mean() -> None:
    result = {"a/PSNR_Y": 30.0, "a/1/PSNR_Y": 1.0, "b/PSNR_Y": 32.0, "b/SSIM_Y": 0.5}
    found = with_mean({**result, "train/step_seconds": 9.0, "protocol/PSNR_Y": "Y"})
    assert (found["mean/PSNR_Y"], found["mean/SSIM_Y"]) == (31.0, 0.5)
    assert {k for k in found if k.startswith("mean/a/")} == {"mean/a/PSNR_Y"}
    assert "mean/step_seconds" not in found
    assert with_mean(result, ["b"])["mean/PSNR_Y"] == 32.0
    assert "mean/PSNR_Y" not in with_mean(result, ["a", "c"])


def test_of_another_network_the_type_is_said_and_no_place_of_this_machine() -> None:
    ours = {
        "model": {"generator": {"type": "SPAN", "channels": 24}},
        "train_dataloader": {"dataset": {"type": "Crops", "data_root": "/home/me/data"}},
        "optim_wrapper": {"type": "A", "optimizer": {"lr": 1}},
    }
    theirs = {
        "model": {"generator": {"type": "RLFN", "width": 4}},
        "train_dataloader": {"dataset": {"type": "Crops", "data_root": "/elsewhere/images"}},
        "optim_wrapper": {"type": "B", "optimizer": {"lr": 2}},
    }
    assert differing(ours, theirs) == [
        "train_dataloader.dataset.data_root is .../data, not .../images",
        "optim_wrapper.type is A, not B",
        "optim_wrapper.optimizer.lr is 1, not 2",
        "model.generator.type is SPAN, not RLFN",
    ]
