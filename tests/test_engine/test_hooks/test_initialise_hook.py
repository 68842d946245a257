from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def larger(tmp_path: Path) -> dict[str, str]:
    torch.manual_seed(3)
    network = MODELS.build(tiny.student(num_blocks=3))
    torch.save(network.state_dict(), tmp_path / "larger.pth")
    return {"checkpoint": str(tmp_path / "larger.pth")}


def test_a_run_begins_with_the_larger_network(
    small: Callable[..., Config], larger: dict[str, str]
) -> None:
    cfg = small(2, optim_wrapper__optimizer__lr=0.0, init_from=larger)
    weights = tiny.weights(train(cfg))
    theirs = torch.load(larger["checkpoint"])
    assert all(torch.equal(weights[name], theirs[name]) for name in weights)
    record = read_checkpoint(Path(cfg.work_dir) / "iter_2.pth")["meta"]["init_from"]
    assert record["checkpoint"] == larger["checkpoint"]
    assert record["copied"] == list(weights)


def test_a_resumed_run_keeps_its_own_weights(
    small: Callable[..., Config], larger: dict[str, str]
) -> None:
    whole = tiny.weights(train(small(6, name="whole", init_from=larger)))
    train(small(2, init_from=larger, param_scheduler=None))
    cfg = small(6, init_from={"checkpoint": "gone.pth"})
    train(cfg, resume="auto")
    record = read_checkpoint(Path(cfg.work_dir) / "iter_6.pth")["meta"]["init_from"]
    assert record["checkpoint"] == larger["checkpoint"]
    assert set(whole) == set(record["copied"])


def test_two_sources_of_weights(small: Callable[..., Config], larger: dict[str, str]) -> None:
    cfg = small(2, init_from=larger)
    cfg.load_from = larger["checkpoint"]
    with pytest.raises(ValueError, match="load_from and init_from both fill the network"):
        train(cfg)


def test_a_stage_started_by_itself(small: Callable[..., Config]) -> None:
    cfg = small(2, init_from={"checkpoint": "{stage:teacher}"})
    with pytest.raises(ValueError, match=r"\{stage:teacher\}\): start it with tools/run_stages"):
        train(cfg)
