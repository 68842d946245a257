from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mmengine.config import Config

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint


def test_checkpoint_says_where_it_came_from_in_plain_strings(small: Callable[..., Config]) -> None:
    cfg = small(2)
    train(cfg)
    record = read_checkpoint(Path(cfg.work_dir) / "iter_2.pth")["meta"]["provenance"]
    assert {"meta/command", "meta/commit", "meta/torch"} <= set(record)
    assert {type(value) for value in record.values()} == {str}
