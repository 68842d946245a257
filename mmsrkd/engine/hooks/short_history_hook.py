"""Checkpoints and steps that do not grow with the length of the run."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.logging import HistoryBuffer
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class ShortHistoryHook(Hook):
    """Keeps only the latest values of every logged scalar in memory and in checkpoints.

    mmengine keeps a million of each, copies them at every step to append one, and saves all. What
    is logged (``scalars.json``) does not change: it averages over a window.

    Args:
        keep: How many values stay; never fewer than the window the log averages over.
    """

    priority = "VERY_LOW"

    def __init__(self, keep: int = 2000) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1 value, got {keep}")
        self.keep = keep

    def before_train(self, runner: Runner) -> None:
        """Shorten what a resumed checkpoint brought along."""
        self._shorten(runner)

    def after_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Shorten from time to time: buffers stay below twice the length kept."""
        if self.every_n_train_iters(runner, self.keep):
            self._shorten(runner)

    def _shorten(self, runner: Runner) -> None:
        scalars = runner.message_hub.log_scalars
        keep = max(self.keep, runner.log_processor.window_size)
        for name, buffer in scalars.items():
            values, counts = buffer.data
            if len(values) > keep:
                scalars[name] = HistoryBuffer(values[-keep:], counts[-keep:])
