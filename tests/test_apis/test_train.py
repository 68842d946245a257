from __future__ import annotations

from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.train import require_fit, train
from mmsrkd.checkpoints import CheckpointMismatchError, read_checkpoint
from mmsrkd.registry import MODELS
from tests import tiny
from tests.test_apis.conftest import Tool

pytestmark = pytest.mark.usefixtures("scope")


def write_config(folder: Path, steps: int = 2) -> Path:
    tiny.train_config(folder, tiny.model_config(), steps).dump(folder / "config.py")
    return folder / "config.py"


def test_flags(tool: Tool, tmp_path: Path) -> None:
    options = ["train_cfg.max_iters=4", "optim_wrapper.optimizer.lr=0.5"]
    work = tmp_path / "elsewhere"
    flags = ["--amp", "--no-validate", "--work-dir", work, "--cfg-options", *options]
    assert tool("train", write_config(tmp_path), *flags).code == 0
    saved = read_checkpoint(work / "iter_4.pth")
    assert saved["optimizer"]["param_groups"][0]["initial_lr"] == 0.5
    assert "BFloat16OptimWrapper" in saved["meta"]["cfg"] or torch.cuda.is_available()


def test_scaling_the_learning_rate_needs_a_base(tool: Tool, tmp_path: Path) -> None:
    ended = tool("train", write_config(tmp_path), "--auto-scale-lr")
    assert ended.code == 1
    assert "auto_scale_lr=dict(base_batch_size=N)" in ended.error


def test_config_of_the_caller_stays_usable(tmp_path: Path) -> None:
    """Training twice from one config object is training twice the same."""
    cfg = tiny.train_config(tmp_path, tiny.model_config(), steps=2)
    hooks = len(cfg.custom_hooks)
    first, second = tiny.weights(train(cfg)), tiny.weights(train(cfg))
    assert len(cfg.custom_hooks) == hooks
    assert all(torch.equal(first[key], second[key]) for key in first)


def test_weights_to_start_from(tmp_path: Path) -> None:
    model = MODELS.build(tiny.model_config())
    part = {k: v for k, v in model.generator.state_dict().items() if k.startswith("body")}
    torch.save(part, tmp_path / "part.pth")
    require_fit(model, str(tmp_path / "part.pth"))
    torch.save({"other.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(CheckpointMismatchError, match=r"other\.pth does not fit LGRNet"):
        require_fit(model, str(tmp_path / "other.pth"))


def test_start_from_published_weights_is_a_start(tmp_path: Path) -> None:
    source = MODELS.build(tiny.student())
    torch.save(source.state_dict(), tmp_path / "start.pth")
    cfg: Config = tiny.train_config(tmp_path, tiny.model_config(), steps=1)
    cfg.load_from = str(tmp_path / "start.pth")
    cfg.optim_wrapper.optimizer.lr = 0.0
    found, expected = tiny.weights(train(cfg)), source.state_dict()
    assert all(torch.equal(found[key], expected[key]) for key in expected)
