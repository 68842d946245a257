"""Times of steps that take turns, so that other load of the machine meets all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.apis.benchmark.cases import Prepared


@dataclass
class StepTimes:
    """Milliseconds of each turn.

    Attributes:
        student: Steps of the student alone.
        teacher: Forward passes of the teacher.
        distil: Distillation steps.
    """

    student: list[float] = field(default_factory=list)
    teacher: list[float] = field(default_factory=list)
    distil: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Median over the turns of a distillation step over the student's step and the teacher.

        Taken turn by turn: what slows a turn slows both sides of its fraction.
        """
        turns = zip(self.student, self.teacher, self.distil, strict=True)
        return statistics.median(d / (s + t) for s, t, d in turns)

    def as_json(self) -> dict[str, float]:
        """Medians in milliseconds and the ratio."""
        return {
            "student_ms": statistics.median(self.student),
            "teacher_ms": statistics.median(self.teacher),
            "distil_ms": statistics.median(self.distil),
            "ratio": self.ratio,
        }


@dataclass(frozen=True)
class Setting:
    """What is timed, and where.

    Args:
        batch: Patches in a step.
        lr_patch: Side of an LR patch.
        turns: Turns counted.
        threads: CPU threads.
        device: ``cpu`` or ``cuda``; a GPU if there is one and nothing is said.

    Raises:
        ValueError: If a number is not positive.
    """

    batch: int = 8
    lr_patch: int = 48
    turns: int = 7
    threads: int | None = None
    device: str | None = None

    def __post_init__(self) -> None:
        for name in ("batch", "lr_patch", "turns"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more, got {getattr(self, name)}")

    def take(self) -> torch.device:
        """Give PyTorch its threads; returns the device."""
        if self.threads is not None:
            torch.set_num_threads(self.threads)
        return torch.device(self.device or ("cuda" if torch.cuda.is_available() else "cpu"))

    def as_json(self) -> dict[str, int]:
        """The sizes."""
        return {"batch": self.batch, "lr_patch": self.lr_patch, "turns": self.turns}


def describe(result: Mapping[str, Any]) -> str:
    """Say where and on what a result was measured."""
    return (
        f"{result['meta/machine']}; {result['batch']} patches of LR "
        f"{result['lr_patch']}x{result['lr_patch']}, medians of {result['turns']} turns"
    )


def time_steps(
    cases: Mapping[str, Prepared], turns: int, device: torch.device
) -> dict[str, StepTimes]:
    """Time all cases in turns, after one turn that is not counted.

    Args:
        cases: By name.
        turns: Turns counted.
        device: Where they run; a GPU is waited for.
    """
    parts = ("student", "teacher", "distil")
    steps = {name: {part: getattr(case, part) for part in parts} for name, case in cases.items()}
    return {name: StepTimes(**taken) for name, taken in in_turns(steps, turns, device).items()}


def in_turns(
    steps: Mapping[str, Mapping[str, Callable[[], None]]], turns: int, device: torch.device
) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of every part of every case, after one turn that is not counted.

    Before its turn a case takes its first step untimed: what the case before has left in caches and
    memory must not count (behind EDSR's teacher a small student took 1.4 times as long).
    """
    times: dict[str, dict[str, list[float]]] = {
        name: {part: [] for part in parts} for name, parts in steps.items()
    }
    for turn in range(turns + 1):
        for name, parts in steps.items():
            timed(next(iter(parts.values())), device)
            for part, step in parts.items():
                milliseconds = timed(step, device)
                if turn:
                    times[name][part].append(milliseconds)
    return times


def ratios_to_first(times: Mapping[str, list[float]]) -> dict[str, float]:
    """Median milliseconds of every part, and the ratio of every other part to the first.

    Ratios are taken turn by turn: what slows a turn slows both sides of its fraction.
    """
    found = {f"{part}_ms": statistics.median(taken) for part, taken in times.items()}
    first, *others = times
    for part in others:
        pairs = zip(times[part], times[first], strict=True)
        found[f"{part}_ratio"] = statistics.median(ours / theirs for ours, theirs in pairs)
    return found


def training_step(
    network: nn.Module, lr: Tensor, dtype: torch.dtype = torch.float32
) -> Callable[[], None]:
    """Return a step of ``network``: forward, L1 against a random truth, backward, Adam.

    Args:
        network: In training mode.
        lr: Images (N, 3, H, W).
        dtype: Of the forward pass, by autocast unless it is float32.
    """
    with torch.no_grad():
        truth = torch.rand_like(network(lr))
    optimizer = torch.optim.Adam((p for p in network.parameters() if p.requires_grad), lr=1e-5)

    def step() -> None:
        optimizer.zero_grad()
        with torch.autocast(lr.device.type, dtype, enabled=dtype != torch.float32):
            loss = (network(lr).float() - truth).abs().mean()
        loss.backward()
        optimizer.step()

    return step


def timed(call: Callable[[], None], device: torch.device) -> float:
    """Milliseconds of one call; of the processor where one thread does it all, else of the clock.

    Other load of the machine then counts only by what it does to caches.
    """
    alone = device.type == "cpu" and torch.get_num_threads() == 1
    clock = time.process_time if alone else time.perf_counter
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    started = clock()
    call()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return 1000 * (clock() - started)
