from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmsrkd.checkpoints import load_network
from mmsrkd.engine.hooks import TeacherCheckHook
from mmsrkd.engine.hooks.teacher_check_hook import psnr
from mmsrkd.quantization import quantizer_of
from tests import tiny


def states() -> tuple:
    return random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()


def make_runner(folder: Path, generator: dict[str, Any]) -> Runner:
    model = {**tiny.model_config(tiny.distill_block(folder)), "generator": generator}
    config: Config = tiny.train_config(folder, model, steps=1)
    runner = Runner.from_cfg(config)
    runner._train_loop = runner.build_train_loop(config.train_cfg)
    return runner


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return make_runner(tmp_path, tiny.student())


def messages(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, hook: TeacherCheckHook
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"info": [], "warning": []}
    for level, lines in found.items():
        monkeypatch.setattr(runner.logger, level, lines.append)
    hook.before_train(runner)
    return found


def test_warns_with_both_figures_and_leaves_random_states(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = states()
    runner.model.train()
    found = messages(runner, monkeypatch, TeacherCheckHook(samples=4))
    assert states() == before
    assert runner.model.training
    weak = [line for line in found["warning"] if "bicubic interpolation" in line]
    assert len(weak) == 1, "a random teacher is weaker than interpolation"
    figures = [float(word) for word in found["info"][0].replace(",", "").split() if "." in word]
    assert f"{figures[1]:.2f} dB on 4 training patches" in weak[0]
    assert f"{figures[2]:.2f} dB: it would pull the student down" in weak[0]


def test_quiet_with_a_good_teacher_or_none_loud_with_one_weaker_than_the_student(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        type(runner.model), "images_of_networks", lambda _, lr, gt: {"student": gt + 0.1, "t": gt}
    )
    assert messages(runner, monkeypatch, TeacherCheckHook())["warning"] == []
    monkeypatch.setattr(
        type(runner.model), "images_of_networks", lambda _, lr, gt: {"student": gt, "t": gt + 0.5}
    )
    warnings = messages(runner, monkeypatch, TeacherCheckHook())["warning"]
    assert any("the student 100.00 dB" in line for line in warnings)
    monkeypatch.setattr(type(runner.model), "teacher_names", [])
    assert messages(runner, monkeypatch, TeacherCheckHook())["info"] == []


def test_a_student_that_is_not_calibrated_is_measured_without_roundings(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = messages(runner, monkeypatch, TeacherCheckHook())["info"]
    other = make_runner(tmp_path, {"type": "Quantized", "network": tiny.student()})
    network = other.model.generator
    load_network(network, runner.model.generator.state_dict(), strict=False)
    quantizer = quantizer_of(network)
    first, *rest = quantizer.by_name().values()
    first.observing, first.quantising = True, False
    unknown = quantizer.uncalibrated()
    assert messages(other, monkeypatch, TeacherCheckHook())["info"] == expected
    assert quantizer.uncalibrated() == unknown, "nothing is observed before the first step"
    assert (first.observing, first.quantising) == (True, False), "switches are as before"
    assert all(module.quantising and not module.observing for module in rest)


def test_psnr_is_that_of_the_definition() -> None:
    gt = torch.full((2, 3, 4, 4), 0.5)
    image = gt.clone()
    image[0] += 0.1
    image[1] += 9.0  # clipped to 1
    expected = (-20 * math.log10(0.1) - 20 * math.log10(0.5)) / 2
    assert psnr(image, gt) == pytest.approx(expected, rel=1e-5)


def test_bad_number_of_samples() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        TeacherCheckHook(samples=0)
