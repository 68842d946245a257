from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.engine import SafeCheckpointHook
from tests import tiny


def checkpoints(cfg: Config) -> list[str]:
    return sorted(path.name for path in Path(cfg.work_dir).glob("*.pth"))


class Watcher(Hook):
    """Lists the checkpoints that are sound at the moment a new one is being written."""

    def __init__(self) -> None:
        self.seen: list[list[str]] = []

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        self.seen.append(checkpoints(runner.cfg))


def test_the_old_stays_until_the_new_is_there(small: Callable[..., Config]) -> None:
    cfg = small(6, default_hooks__checkpoint__max_keep_ckpts=1)
    watcher = Watcher()
    runner = Runner.from_cfg(cfg)
    runner.register_hook(watcher)
    runner.train()
    assert watcher.seen == [[], ["iter_2.pth"], ["iter_4.pth"]]
    assert checkpoints(cfg) == ["iter_6.pth"]


def test_resumed_run_keeps_as_many(small: Callable[..., Config]) -> None:
    train(small(4, default_hooks__checkpoint__max_keep_ckpts=2))
    longer = small(8, default_hooks__checkpoint__max_keep_ckpts=2)
    train(longer, resume="auto")
    assert checkpoints(longer) == ["iter_6.pth", "iter_8.pth"]


def test_best_checkpoint_replaces_the_previous_best(
    small: Callable[..., Config], tmp_path: Path
) -> None:
    cfg = small(2, default_hooks__checkpoint__save_best="PSNR")
    cfg.default_hooks.checkpoint.rule = "greater"
    runner = Runner.from_cfg(cfg)
    runner.train()
    hook = next(h for h in runner.hooks if isinstance(h, SafeCheckpointHook))
    watcher = Watcher()
    runner.register_hook(watcher)
    for iteration, value in ((3, 30.0), (4, 31.0), (5, 30.5)):
        runner.train_loop._iter = iteration
        hook.after_val_epoch(runner, {"PSNR": value})
    best = [name for name in checkpoints(cfg) if name.startswith("best")]
    assert best == ["best_PSNR_iter_4.pth"]
    assert "best_PSNR_iter_3.pth" in watcher.seen[-1]


def test_failed_save_removes_nothing(
    small: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    cfg = small(4, default_hooks__checkpoint__max_keep_ckpts=1)
    runner = Runner.from_cfg(cfg)
    save = runner.save_checkpoint

    def fails_later(out_dir: str, filename: str, *args: Any, **kwargs: Any) -> None:
        if filename == "iter_4.pth":
            raise OSError("full")
        save(out_dir, filename, *args, **kwargs)

    monkeypatch.setattr(runner, "save_checkpoint", fails_later)
    with pytest.raises(OSError, match="full"):
        runner.train()
    assert checkpoints(cfg) == ["iter_2.pth"]
    read_checkpoint(Path(cfg.work_dir) / "iter_2.pth")


def test_what_a_kill_left_behind_is_cleared(tmp_path: Path) -> None:
    config = tiny.train_config(tmp_path, tiny.model_config(), steps=2)
    leftover = Path(config.work_dir) / ".iter_2.pth.abcdef.tmp"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")
    Runner.from_cfg(config).train()
    assert not leftover.exists()
