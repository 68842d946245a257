"""What a network makes of the truth is never shown as a super-resolution result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from mmsrkd.registry import MODELS
from tests import tiny
from tests.test_apis.conftest import Tool

pytestmark = pytest.mark.usefixtures("scope")


def test_every_metric_says_that_the_truth_was_seen(tool: Tool, tmp_path: Path) -> None:
    generator = {
        "type": "PrivilegedSR",
        "decoder": {"type": "Bicubic", "scale": 2},
        "encoder": {"channels": 4, "mid_channels": 4},
    }
    network = MODELS.build(dict(generator))
    torch.nn.init.zeros_(network.encoder.body[-1].weight)
    torch.nn.init.zeros_(network.encoder.body[-1].bias)
    torch.save(network.state_dict(), tmp_path / "teacher.pth")
    tiny.write_images(tmp_path / "cg/kitchen", count=2)
    common = {"type": "SceneDataset", "data_root": str(tmp_path), "folder": "cg", "scale": 2}
    loader = {
        "batch_size": 1,
        "num_workers": 0,
        "sampler": {"type": "DefaultSampler", "shuffle": False},
        "dataset": {**common, "scenes": "kitchen", "name": "kitchen", "test_mode": True},
    }
    metric = {"type": "RestorationPSNR", "scale": 2, "convert_to": "Y", "prefix": "kitchen"}
    model = tiny.model_config() | {"type": "PrivilegedEditModel", "generator": generator}
    cfg = tiny.train_config(
        tmp_path,
        model,
        test_cfg={"type": "MultiTestLoop"},
        test_dataloader=[loader],
        test_evaluator=[{"type": "Evaluator", "metrics": [metric]}],
    )
    cfg.dump(tmp_path / "config.py")
    ended = tool(
        *("test", tmp_path / "config.py", tmp_path / "teacher.pth"),
        *("--sets", "kitchen", "--json", tmp_path / "result.json"),
    )
    assert ended.code == 0, ended.err
    result = json.loads((tmp_path / "result.json").read_text())
    assert "kitchen/PSNR_Y" not in result
    assert "kitchen/image1/PSNR_Y_privileged" in result
    assert "not a super-resolution result" in result["protocol/PSNR_Y_privileged"]
    # bicubic down and up again: the range and order of the truth were the network's
    assert result["kitchen/PSNR_Y_privileged"] > 25
    assert "PSNR_Y_privileged" in ended.out
