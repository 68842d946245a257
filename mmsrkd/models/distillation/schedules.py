"""Weights that change during training."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .names import check_keys

KINDS = ("constant", "linear", "cosine")


@dataclass(frozen=True)
class WeightSchedule:
    """Weight of an objective as a function of the training progress.

    Attributes:
        end: Value after the ramp.
        start: Value before it; equal to ``end`` for a constant.
        begin_at: Progress in [0, 1] at which the ramp begins; a constant has none.
        end_at: Progress at which it ends.
        stop_at: Progress from which the weight is 0; 1 never comes to that.
        kind: Shape of the ramp.
    """

    end: float
    start: float
    begin_at: float = 0.0
    end_at: float = 1.0
    stop_at: float = 1.0
    kind: str = "constant"

    @classmethod
    def parse(cls, spec: float | Mapping[str, Any], where: str) -> WeightSchedule:
        """Make a schedule from a number, or ``dict(kind='linear', start=0, end=.25, end_at=.1)``.

        Raises:
            KeyError: For an unknown key.
            ValueError: For an unknown kind or a ramp that ends before it begins.
        """
        if isinstance(spec, int | float):
            return cls(end=float(spec), start=float(spec))
        if not isinstance(spec, Mapping):
            raise ValueError(f"{where}: {spec!r} is neither a number nor a schedule (a dict)")
        check_keys(spec, cls.__dataclass_fields__, where)
        if "end" not in spec:
            raise KeyError(f"{where}: a schedule needs `end`, the weight after the ramp")
        schedule = cls(**{"start": 0.0, "kind": "linear", **spec})
        if schedule.kind not in KINDS:
            raise ValueError(
                f"{where}: kind={schedule.kind!r} is unknown; choose one of {', '.join(KINDS)}"
            )
        if not 0 <= schedule.begin_at <= schedule.end_at <= 1:
            raise ValueError(
                f"{where}: needs 0 <= begin_at <= end_at <= 1, got {schedule.begin_at} and "
                f"{schedule.end_at}"
            )
        if not 0 < schedule.stop_at <= 1:
            raise ValueError(f"{where}: stop_at must be in (0, 1], got {schedule.stop_at}")
        return schedule

    def at(self, progress: float) -> float:
        """Return the weight at ``progress`` in [0, 1]."""
        if progress >= self.stop_at and self.stop_at < 1:
            return 0.0
        if self.kind == "constant":
            return self.end
        span = self.end_at - self.begin_at
        done = 1.0 if span == 0 else min(max((progress - self.begin_at) / span, 0.0), 1.0)
        if self.kind == "cosine":
            done = (1 - math.cos(math.pi * done)) / 2
        return self.start + (self.end - self.start) * done
