"""How strong the reversed gradient is at which time."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["ReversalStrength"]

KINDS = ("dann", "constant")


@dataclass(frozen=True)
class ReversalStrength:
    """Lambda as a function of the training progress alone, so a resumed run needs no state.

    Attributes:
        kind: ``dann``: ``maximum * (2 / (1 + exp(-gamma * progress)) - 1)``, from 0 to nearly
            ``maximum`` (DANN 2016, section 5.2.2). ``constant``: ``maximum`` throughout.
        maximum: Pixel losses on images in [0, 1] are some 0.02, so values from 0.01 to 0.1 are of
            their size; DANN's 1 belongs to classifiers. 0 trains the domain classifier alone.
        gamma: Steepness of ``dann``.

    Raises:
        ValueError: For an unknown kind, a negative maximum, or a gamma that is not positive.
    """

    kind: str = "dann"
    maximum: float = 0.05
    gamma: float = 10.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"GradientReversalHook: kind={self.kind!r} is unknown; choose one of "
                f"{', '.join(KINDS)}"
            )
        if not self.maximum >= 0:
            raise ValueError(
                f"GradientReversalHook: maximum must be at least 0, got {self.maximum}"
            )
        if not self.gamma > 0:
            raise ValueError(f"GradientReversalHook: gamma must be positive, got {self.gamma}")

    def at(self, progress: float) -> float:
        """Return lambda at ``progress`` in [0, 1]."""
        if self.kind == "constant":
            return self.maximum
        return self.maximum * (2 / (1 + math.exp(-self.gamma * progress)) - 1)
