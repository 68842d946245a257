"""Progress of a training in the terminal."""

from __future__ import annotations

import time
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from mmsrkd.apis.demo.console import terminal
from mmsrkd.registry import HOOKS

_LINE_EVERY = 20.0  # seconds
_running: Progress | None = None


def stop_progress() -> None:
    """Take the bar away; a run that broke off has left it, and the cursor hidden."""
    global _running
    if _running is not None:
        _running.stop()
        _running = None


@HOOKS.register_module()
class TerminalProgressHook(Hook):
    """A bar with the loss and the time that is left; without a terminal, a line now and then.

    Args:
        title: What is going on.
    """

    priority = "LOWEST"

    def __init__(self, title: str = "training") -> None:
        self.title = title
        self._bar: Progress | None = None
        self._task: Any = None
        self._first, self._started, self._told = 0, 0.0, 0.0

    def before_train(self, runner: Runner) -> None:
        """Start counting where the run starts or goes on."""
        global _running
        self._first, self._started = runner.iter, time.monotonic()
        self._told = self._started
        if terminal().is_terminal:
            self._bar = _bar()
            self._task = self._bar.add_task(
                self.title, total=runner.max_iters, completed=runner.iter, loss="-"
            )
            self._bar.start()
            _running = self._bar

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch: Any = None, outputs: Any = None
    ) -> None:
        """Show the step that was finished."""
        done = runner.iter + 1
        if self._bar is None:
            self._tell(done, runner.max_iters, outputs)
        else:
            self._bar.update(self._task, completed=done, loss=_loss(outputs))

    def after_train(self, runner: Runner) -> None:
        """Take the bar away."""
        stop_progress()

    def _tell(self, done: int, total: int, outputs: Any) -> None:
        now = time.monotonic()
        if now - self._told < _LINE_EVERY:
            return
        self._told = now
        left = (now - self._started) / (done - self._first) * (total - done)
        terminal().print(
            f"  {self.title}: {done}/{total}, loss {_loss(outputs)}, about {left:.0f} s left",
            soft_wrap=True,
        )


def _bar() -> Progress:
    columns = (
        *(SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("loss {task.fields[loss]}"), TimeElapsedColumn()),
        *(TextColumn("left"), TimeRemainingColumn()),
    )
    return Progress(
        *columns,
        console=terminal(),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _loss(outputs: Any) -> str:
    value = outputs.get("loss") if isinstance(outputs, dict) else None
    return "-" if value is None else f"{float(value):.4f}"
