"""The integers that stand for a tensor's values, and how a range of values is laid over them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: Below this a range counts as empty; a scale of 0 would divide by it.
SMALLEST_RANGE = 1e-8


@dataclass(frozen=True)
class Grid:
    """Integers and how real values map to them: ``value = scale * (integer - zero_point)``.

    Args:
        bits: Integers that are used, 2 to 8. Fewer than 8 are still stored in 8.
        signed: ``-2^(b-1) .. 2^(b-1) - 1`` or ``0 .. 2^b - 1``.
        symmetric: The value range is centred on 0: the zero point is 0 (signed) or the middle.
        channel_axis: Axis with one scale an entry; None for one scale in all.
        power_of_two: Scales are rounded up to powers of two, for runtimes that shift.

    Raises:
        ValueError: If ``bits`` is out of range.
    """

    bits: int = 8
    signed: bool = False
    symmetric: bool = False
    channel_axis: int | None = None
    power_of_two: bool = False

    def __post_init__(self) -> None:
        if not 2 <= self.bits <= 8:
            raise ValueError(f"bits must be 2 to 8, got {self.bits}: runtimes store 8")

    @property
    def lowest(self) -> int:
        """Smallest integer."""
        return -(2 ** (self.bits - 1)) if self.signed else 0

    @property
    def highest(self) -> int:
        """Largest integer."""
        return 2 ** (self.bits - 1) - 1 if self.signed else 2**self.bits - 1

    @property
    def middle(self) -> int:
        """The zero point of a symmetric grid."""
        return 0 if self.signed else 2 ** (self.bits - 1)

    def fit(self, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
        """Lay value ranges over the integers.

        Args:
            low: Smallest values, any shape; 0 is always made part of the range, since padding
                needs it exactly.
            high: Largest values, same shape.

        Returns:
            Scale (float32) and zero point (int32), same shape.
        """
        low, high = low.float().clamp(max=0), high.float().clamp(min=0)
        if self.symmetric:
            reach = torch.maximum(-low, high).clamp(min=SMALLEST_RANGE)
            scale = self._round(reach / (self.highest - self.middle))
            return scale, torch.full_like(scale, self.middle, dtype=torch.int32)
        span = (high - low).clamp(min=SMALLEST_RANGE)
        scale = self._round(span / (self.highest - self.lowest))
        zero = self.lowest - (low / scale).round()
        return scale, zero.clamp(self.lowest, self.highest).to(torch.int32)

    def reach(self, scale: Tensor, zero_point: Tensor) -> tuple[Tensor, Tensor]:
        """The range that `fit` makes this scale and zero point of."""
        high = (self.highest - zero_point) * scale
        return (-high if self.symmetric else (self.lowest - zero_point) * scale), high

    def _round(self, scale: Tensor) -> Tensor:
        return torch.exp2(torch.ceil(torch.log2(scale))) if self.power_of_two else scale
