from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from mmengine.config import Config
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.engine import ShortHistoryHook


def test_history_stays_short_and_the_log_whole(small: Callable[..., Config]) -> None:
    cfg = small(8, log_processor__window_size=1)
    runner = Runner.from_cfg(cfg)
    runner.register_hook(ShortHistoryHook(keep=3))
    runner.train()
    hub = read_checkpoint(Path(cfg.work_dir) / "iter_8.pth")["message_hub"]
    assert {len(buffer.data[0]) for buffer in hub["log_scalars"].values()} <= {3, 4, 5}
    log = next(Path(cfg.work_dir).glob("*/vis_data/scalars.json")).read_text()
    assert len(log.splitlines()) == 8


def test_latest_values_stay_and_the_averaging_window_is_kept() -> None:
    buffer = HistoryBuffer(range(100), [1] * 100)
    runner = SimpleNamespace(
        message_hub=SimpleNamespace(log_scalars={"loss": buffer}),
        log_processor=SimpleNamespace(window_size=20),
    )
    ShortHistoryHook(keep=5).before_train(runner)
    assert runner.message_hub.log_scalars["loss"].data[0].tolist() == list(range(80, 100))


def test_keep_nothing() -> None:
    with pytest.raises(ValueError, match="keep must be at least 1 value, got 0"):
        ShortHistoryHook(keep=0)
