from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.registry import MODELS
from tests import tiny
from tests.test_apis.conftest import Tool

pytestmark = pytest.mark.usefixtures("scope")


def write_config(
    folder: Path, generator: dict[str, object] | None = None, scales: dict[str, int] | None = None
) -> Path:
    """Config that tests on sets A and B, which are there, and C, which is not."""
    metric = {"type": "RestorationPSNR", "scale": 2, "convert_to": "Y"}
    loaders, evaluators = [], []
    for name in "ABC":
        data = {"type": "BenchmarkDataset", "data_root": str(folder), "name": name, "scale": 2}
        sampler = {"type": "DefaultSampler", "shuffle": False}
        loaders.append({"batch_size": 1, "num_workers": 0, "sampler": sampler, "dataset": data})
        measured = {**metric, "scale": (scales or {}).get(name, 2), "prefix": name}
        evaluators.append({"type": "Evaluator", "metrics": [measured]})
    for name in "AB":
        tiny.write_images(folder / name / "HR", count=1)
    changes = {
        "test_cfg": {"type": "MultiTestLoop"},
        "test_dataloader": loaders,
        "test_evaluator": evaluators,
    }
    model = tiny.model_config(tiny.distill_block(folder))
    if generator is not None:
        model["generator"] = generator
    cfg = tiny.train_config(folder, model, **changes)
    cfg.dump(folder / "config.py")
    return folder / "config.py"


def test_student_of_a_distilling_config(tool: Tool, tmp_path: Path) -> None:
    """Sets that are not there are named; the JSON is flat and says where it came from."""
    config, weights = write_config(tmp_path), tmp_path / "student.pth"
    (tmp_path / "teacher.pth").unlink()  # a test needs no teacher
    torch.save(MODELS.build(tiny.student()).state_dict(), weights)
    ended = tool("test", config, weights, "--json", tmp_path / "out/result.json")
    assert ended.code == 0, ended.err
    assert "not under the data root, left out: C" in ended.out
    assert "| A " in ended.out
    result = json.loads((tmp_path / "out/result.json").read_text())
    assert {"A/PSNR_Y", "B/PSNR_Y", "A/image0/PSNR_Y", "protocol/PSNR_Y"} <= set(result)
    assert result["missing_sets"] == ["C"]
    assert result["checkpoint"] == "student.pth"
    assert isinstance(result["A/PSNR_Y"], float)


def test_network_without_weights_needs_no_checkpoint(tool: Tool, tmp_path: Path) -> None:
    config = write_config(tmp_path, {"type": "Bicubic", "scale": 2})
    ended = tool("test", config, "--sets", "B")
    assert ended.code == 0, ended.err
    assert "| B " in ended.out
    assert "| A " not in ended.out


def test_every_set_says_how_it_was_measured(tool: Tool, tmp_path: Path) -> None:
    config = write_config(tmp_path, {"type": "Bicubic", "scale": 2}, scales={"B": 1})
    ended = tool("test", config, "--json", tmp_path / "result.json")
    assert ended.code == 0, ended.err
    said = {k: v for k, v in json.loads((tmp_path / "result.json").read_text()).items()
            if k.startswith("protocol/")}  # fmt: skip
    assert set(said) == {"protocol/A/PSNR_Y", "protocol/B/PSNR_Y"}
    assert "2 pixels cut off" in said["protocol/A/PSNR_Y"]
    assert "0 pixels cut off" in said["protocol/B/PSNR_Y"]


def test_the_config_of_a_training_is_left_alone(tool: Tool, tmp_path: Path) -> None:
    """As after a training: the config lies in the folder in which it worked."""
    config = write_config(tmp_path, {"type": "Bicubic", "scale": 2})
    before = config.read_bytes()
    ended = tool("test", config, "--sets", "A", "--work-dir", tmp_path)
    assert ended.code == 0, ended.err
    assert config.read_bytes() == before
    assert len(list(tmp_path.glob(f"*/{config.name}"))) == 1  # beside the log of the test


def test_network_with_weights_needs_one(tool: Tool, tmp_path: Path) -> None:
    ended = tool("test", write_config(tmp_path))
    assert ended.code == 1
    assert "LGRNet has weights, so test needs a checkpoint" in ended.error


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["X"], "the config has no test set 'X'; it has A, B, C"),
        (["C"], "none of the test sets C is under"),
    ],
)
def test_sets_that_are_not_there(tool: Tool, tmp_path: Path, sets: list[str], message: str) -> None:
    ended = tool("test", write_config(tmp_path), "--sets", *sets)
    assert ended.code == 1
    assert message in ended.error


def test_config_that_does_not_say_how_values_come_to_one(tool: Tool, tmp_path: Path) -> None:
    config = Config.fromfile(write_config(tmp_path, {"type": "Bicubic", "scale": 2}))
    config.model.pop("data_preprocessor")
    config.dump(tmp_path / "config.py")
    ended = tool("test", tmp_path / "config.py")
    assert ended.code == 1
    assert "no model.data_preprocessor, which brings images of 0..255 to [0, 1]" in ended.err


def test_no_such_checkpoint(tool: Tool, tmp_path: Path) -> None:
    ended = tool("test", write_config(tmp_path), tmp_path / "gone.pth")
    assert ended.code == 1
    assert "gone.pth not found" in ended.error
