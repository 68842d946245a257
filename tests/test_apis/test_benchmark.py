from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.benchmark import (
    CASES,
    Case,
    StepTimes,
    contrast_memory,
    merged,
    prepare,
    qat,
    time_steps,
)
from mmsrkd.apis.benchmark.report import render, run
from mmsrkd.apis.benchmark.timing import Setting
from mmsrkd.models.networks import ECBSR, SPAN
from tests import tiny

CPU = torch.device("cpu")


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A tiny student, and a teacher whose file is not there."""
    block = tiny.distill_block(tmp_path)
    block["teachers"]["teacher"]["checkpoint"] = str(tmp_path / "absent.pth")
    path = tmp_path / "tiny_x2.py"
    Config({"model": tiny.model_config(block)}).dump(path)
    return str(path)


def test_ratio_is_taken_turn_by_turn() -> None:
    times = StepTimes(student=[1, 10, 1], teacher=[1, 10, 3], distil=[3, 30, 4])
    assert times.ratio == 1.5
    assert times.as_json() == {"student_ms": 1, "teacher_ms": 3, "distil_ms": 4, "ratio": 1.5}


def test_parts_of_a_step_train_what_they_say(config: str, tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    folder.mkdir()
    prepared = prepare(Case(config), 2, 12, CPU, folder)
    assert prepared.sizes["student"] > 0
    assert prepared.sizes["teacher"] > 0
    assert len(list(folder.iterdir())) == 1, "random weights for the teacher"
    times = time_steps({"tiny": prepared}, 2, CPU)["tiny"]
    assert [len(part) for part in (times.student, times.teacher, times.distil)] == [2, 2, 2]


def test_report(config: str) -> None:
    result = run([config], Setting(2, 12, 1, device="cpu"), memory=False)
    table = render({**result, "memory": {"a": 2**20, "b": 2**21, "ratio": 2.0}})
    assert "2 patches of LR 12x12" in table
    assert "| tiny_x2 |" in table
    assert "a 1 MiB, b 2 MiB; ratio 2.00" in table
    json.dumps(result)


def test_bad_input(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="turns must be 1 or more, got 0"):
        Setting(turns=0)
    plain = tmp_path / "plain_x2.py"
    Config({"model": tiny.model_config()}).dump(plain)
    with pytest.raises(ValueError, match="has no distillation block"):
        run([str(plain)], memory=False)


def test_configs_of_the_selection_exist(repository: Path) -> None:
    assert all((repository / case.config).is_file() for case in CASES.values())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory_of_the_contrast_is_that_of_a_plain_l1() -> None:
    peaks = contrast_memory(CPU)
    assert peaks["feature L1"] > 2 * 16 * 64 * 48 * 48 * 4, "two features and a gradient"
    assert peaks["ratio"] <= 1.5


def test_quantised_steps_are_timed_beside_float_ones(tmp_path: Path) -> None:
    path = tmp_path / "tiny_qat_x2.py"
    scheme = {"preset": "openvino"}
    Config({"model": tiny.model_config(), "quantization": {"scheme": scheme}}).dump(path)
    result = qat.run([str(path)], Setting(2, 12, 2, device="cpu"))
    (step,) = result["steps"].values()
    assert step["frozen_ratio"] > 0
    assert min(step[f"{part}_ms"] for part in qat.PARTS) > 0
    assert "| tiny_qat_x2 |" in qat.render(result)
    json.dumps(result)


def test_quantised_steps_bad_input(tmp_path: Path) -> None:
    plain = tmp_path / "plain_x2.py"
    Config({"model": tiny.model_config()}).dump(plain)
    with pytest.raises(ValueError, match="does not quantise"):
        qat.run([str(plain)])


@torch.no_grad()
@pytest.mark.parametrize(
    "network", [SPAN(channels=6, num_blocks=2, img_range=1.0), ECBSR(channels=6, num_blocks=2)]
)
def test_branch_by_branch_is_the_same_network(network: torch.nn.Module) -> None:
    rival, x = merged.branch_by_branch(network), torch.rand(1, 3, 9, 8)
    assert torch.allclose(rival(x), network(x), atol=1e-5)
    ran: list[str] = []
    for name, module in rival.named_modules():
        module.register_forward_hook(lambda *_, name=name: ran.append(name))
    rival(x)
    assert any(name.endswith(("conv.1", "conv3x3")) for name in ran)


def test_merged_steps_are_timed_beside_branches() -> None:
    tiny_span = {"tiny": lambda: SPAN(channels=6, num_blocks=1)}
    result = merged.run(Setting(1, 8, 2, device="cpu"), tiny_span)
    assert set(result["steps"]) == {"tiny, fp32", "tiny, bf16"}
    assert min(step["merged_ratio"] for step in result["steps"].values()) > 0
    assert "| tiny, bf16 |" in merged.render(result)
    json.dumps(result)
