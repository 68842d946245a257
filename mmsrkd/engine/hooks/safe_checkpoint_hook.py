"""Checkpoints that survive a full disk and a kill at any moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mmengine.dist import is_main_process
from mmengine.hooks import CheckpointHook
from mmengine.runner import Runner

from mmsrkd.engine import storage  # noqa: F401 - registers the backend
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class SafeCheckpointHook(CheckpointHook):
    """mmengine's `CheckpointHook`, atomic, and removing the old only when the new is there.

    mmengine removes the checkpoint that falls out of ``max_keep_ckpts`` (and the previous best)
    first and saves after; with ``max_keep_ckpts=1`` and a full disk nothing would be left.

    Args:
        **kwargs: As `CheckpointHook`.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("backend_args", {"backend": "mmsrkd.atomic"})
        super().__init__(**kwargs)

    def save_now(self, runner: Runner) -> str:
        """Save between two steps of an iteration-based run; returns the path."""
        meta = {"epoch": runner.epoch, "iter": runner.iter}
        self._save_checkpoint_with_step(runner, runner.iter, meta)
        return str(self.last_ckpt)

    def before_train(self, runner: Runner) -> None:
        """Prepare as mmengine does, and clear what a kill in the middle of a save left behind."""
        super().before_train(runner)
        if is_main_process():
            for leftover in Path(self.out_dir).glob(".*.pth.*.tmp"):
                leftover.unlink(missing_ok=True)

    @contextmanager
    def _removing_later(self) -> Iterator[None]:
        """Collect the parent's removals and carry them out once the block has succeeded."""
        backend = self.file_backend
        outdated: list[str] = []
        remove = backend.remove
        backend.remove = outdated.append
        try:
            yield
        finally:
            backend.remove = remove
        current = {self.last_ckpt, getattr(self, "best_ckpt_path", None)}
        current |= set(getattr(self, "best_ckpt_path_dict", {}).values())
        for path in outdated:
            if path not in current and backend.isfile(path):
                backend.remove(path)

    def _save_checkpoint_with_step(self, runner: Runner, step: int, meta: dict[str, Any]) -> None:
        with self._removing_later():
            super()._save_checkpoint_with_step(runner, step, meta)

    def _save_best_checkpoint(self, runner: Runner, metrics: dict[str, float]) -> None:
        with self._removing_later():
            super()._save_best_checkpoint(runner, metrics)
