"""Invariant 1: with all distillation weights 0, the run is the plain run, bit for bit."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.apis.train import train
from tests import tiny


def weights_of(folder: Path, name: str, distill: dict | None) -> dict[str, torch.Tensor]:
    config = tiny.train_config(folder, tiny.model_config(distill), steps=4)
    config.work_dir = str(folder / name)
    return tiny.weights(train(config))


@pytest.mark.parametrize("learnt_adapter", [False, True])
def test_weight_zero_run_is_the_plain_run(tmp_path: Path, learnt_adapter: bool) -> None:
    block = tiny.distill_block(tmp_path)
    for loss in block["losses"].values():
        loss["weight"] = 0.0
    if learnt_adapter:
        block["adapters"]["R"] = {
            "type": "Conv1x1",
            "on": "teacher.[lf]*",
            "in_channels": 12,
            "out_channels": tiny.CHANNELS,
        }
    distilled, plain = weights_of(tmp_path, "kd", block), weights_of(tmp_path, "plain", None)
    assert distilled.keys() == plain.keys()
    assert all(torch.equal(distilled[key], plain[key]) for key in plain)
