"""Ctrl-C between two steps."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from mmengine.device import get_device
from mmengine.dist import all_reduce, barrier
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS

from .safe_checkpoint_hook import SafeCheckpointHook

#: A signal repeated within so many seconds (shells and launchers do that) counts once.
REPEATED = 1.0


@HOOKS.register_module()
class InterruptHook(Hook):
    """On Ctrl-C, lets the running step end, saves, and stops: resuming gives the uninterrupted run.

    An exception in the middle of a step would leave weights that belong to no step. A second Ctrl-C
    stops at once and saves nothing.
    """

    priority = "HIGHEST"

    def __init__(self) -> None:
        self._since: float | None = None

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Take SIGINT over for the length of the block; in another thread, do nothing."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, self._note)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before or signal.SIG_DFL)

    def _note(self, *_: Any) -> None:
        now = time.monotonic()
        if self._since is not None and now - self._since > REPEATED:
            raise KeyboardInterrupt("stopped at once; nothing was saved since the last checkpoint")
        self._since = now if self._since is None else self._since

    def before_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Stop here if asked to.

        Raises:
            KeyboardInterrupt: Naming the checkpoint saved.
        """
        if not self._asked_anywhere(runner):
            return
        savers = [h for h in runner.hooks if isinstance(h, SafeCheckpointHook) and not h.by_epoch]
        if not savers or runner.iter == 0:
            raise KeyboardInterrupt("nothing to save")
        path = savers[0].save_now(runner)
        barrier()  # the other processes wait until the first has written
        raise KeyboardInterrupt(f"saved {path}; go on with --resume")

    def _asked_anywhere(self, runner: Runner) -> bool:
        """Whether any process was interrupted: all stop at the same step, or a collective hangs.

        They compare notes at every tenth step only, since that makes them wait for each other.
        """
        if not runner.distributed:
            return self._since is not None
        if runner.iter % 10:
            return False
        asked = torch.tensor(float(self._since is not None), device=get_device())
        all_reduce(asked, op="max")
        return bool(asked)
