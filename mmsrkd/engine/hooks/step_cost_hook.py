"""What a training costs: time of a step and memory."""

from __future__ import annotations

import time
from collections import deque
from pathlib import Path
from statistics import median
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class StepCostHook(Hook):
    """Writes median step time and peak memory into the ``meta`` of every checkpoint.

    Times are of forward, backward and optimiser, without data loading and other hooks. On CUDA
    every tenth step is timed, between two synchronisations. Memory is what CUDA allocated, or else
    the resident memory of the process, its peak reset before training where the system (Linux) can
    do that. A resumed run keeps the time of its longer part and the larger peak.

    Args:
        keep: How many of the latest times the median is taken of.
    """

    priority = "HIGHEST"  # its clock stops before any other hook works

    def __init__(self, keep: int = 2000) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1 value, got {keep}")
        self._times: deque[float] = deque(maxlen=keep)
        self._measured = 0
        self._earlier: dict[str, Any] = {}
        self._started: float | None = None

    def before_train(self, runner: Runner) -> None:
        """Forget the peak of whatever this process did before."""
        if torch.cuda.is_available():
            torch.cuda.reset_peak_memory_stats()
        else:
            reset_peak_resident()

    def before_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Start the clock."""
        on_cuda = torch.cuda.is_available()
        if on_cuda and runner.iter % 10:
            self._started = None
            return
        if on_cuda:
            torch.cuda.synchronize()
        self._started = time.perf_counter()

    def after_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Stop it."""
        if self._started is None:
            return
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        self._times.append(time.perf_counter() - self._started)
        self._measured += 1

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Remember what was measured before the run was interrupted."""
        self._earlier = checkpoint.get("meta", {}).get("step_cost", {})

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the record."""
        if self._times:
            checkpoint["meta"]["step_cost"] = self.record()

    def record(self) -> dict[str, Any]:
        """``step_seconds``, ``steps_timed``, ``peak_memory_mib``, ``memory_kind``."""
        earlier, kind = self._earlier, "CUDA" if torch.cuda.is_available() else "process"
        bytes_ = torch.cuda.max_memory_allocated() if kind == "CUDA" else peak_resident()
        peak = bytes_ / 2**20
        if earlier.get("memory_kind") == kind:
            peak = max(peak, earlier["peak_memory_mib"])
        seconds, timed = median(self._times), self._measured
        if earlier.get("steps_timed", 0) > timed:
            seconds, timed = earlier["step_seconds"], earlier["steps_timed"]
        return {
            "step_seconds": float(seconds),
            "steps_timed": int(timed),
            "peak_memory_mib": float(peak),
            "memory_kind": kind,
        }


def reset_peak_resident() -> None:
    """Let the kernel measure the peak of this process anew; elsewhere do nothing."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def peak_resident() -> int:
    """Peak resident memory of this process in bytes."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    except (OSError, StopIteration):
        import resource  # not on every system

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
