from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmsrkd.apis.train import train
from tests import tiny


def epochs(cfg: Config, number: int, batch: int = 2) -> Config:
    cfg.train_cfg = {
        "type": "EpochLengthTrainLoop",
        "max_epochs": number,
        "val_interval": 10**9,
    }
    cfg.train_dataloader.batch_size = batch
    return cfg


@pytest.mark.parametrize(("number", "batch", "steps"), [(3, 2, 8), (2, 5, 2), (1, 64, 1)])
def test_number_of_steps(small: Callable[..., Config], number: int, batch: int, steps: int) -> None:
    """Five images: ceil(number * 5 / batch)."""
    runner = Runner.from_cfg(epochs(small(), number, batch))
    runner._train_loop = runner.build_train_loop(runner._train_loop)
    assert runner.max_iters == steps


def test_learning_rate_falls_over_the_whole_length_and_resumes(
    small: Callable[..., Config], tmp_path: Path
) -> None:
    whole = train(epochs(small(name="whole"), 2))
    assert whole.iter == 5
    # the cosine ends with the last step, which is the fifth
    assert whole.optim_wrapper.get_lr()["lr"][0] == pytest.approx(
        5e-4 * (1 + math.cos(math.pi * 4 / 5))
    )
    first = epochs(small(name="resumed"), 2)
    train(first)
    for path in Path(first.work_dir).glob("iter_[45].pth"):
        path.unlink()
    resumed = train(epochs(small(name="resumed"), 2), resume="auto")
    expected, found = tiny.weights(whole), tiny.weights(resumed)
    assert all(torch.equal(found[key], expected[key]) for key in expected)


def test_no_epochs(small: Callable[..., Config]) -> None:
    with pytest.raises(ValueError, match="max_epochs must be positive, got 0"):
        train(epochs(small(), 0))
