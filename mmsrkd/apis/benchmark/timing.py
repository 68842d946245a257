"""Times of steps that take turns, so that other load of the machine meets all alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch

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


def time_steps(
    cases: Mapping[str, Prepared], turns: int, device: torch.device
) -> dict[str, StepTimes]:
    """Time all cases in turns, after one turn that is not counted.

    Args:
        cases: By name.
        turns: Turns counted.
        device: Where they run; a GPU is waited for.
    """
    times = {name: StepTimes() for name in cases}
    for turn in range(turns + 1):
        for name, case in cases.items():
            for part in ("student", "teacher", "distil"):
                milliseconds = timed(getattr(case, part), device)
                if turn:
                    getattr(times[name], part).append(milliseconds)
    return times


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
