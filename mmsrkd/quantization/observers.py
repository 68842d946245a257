"""What is remembered of the values a tensor took, to choose its range from."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .grid import Grid

#: Shares of a weight's range that are tried.
SHRUNK = tuple(1 - 0.025 * step for step in range(21))


class Observer(nn.Module):
    """Base: sees tensors, answers with a range.

    State is in buffers ``low`` and ``high`` (and more in some), so that a resumed training goes on
    with what was seen; before anything was seen they are +inf and -inf.

    Args:
        grid: The integers the range is for.
        channels: Entries along the grid's channel axis; 1 without one.
    """

    #: How the ranges of several processes become one: the ``widest``, their ``mean``, or that of
    #: the ``first``.
    MERGE = "widest"

    low: Tensor
    high: Tensor

    def __init__(self, grid: Grid, channels: int = 1) -> None:
        super().__init__()
        self.grid = grid
        self.register_buffer("low", torch.full((channels,), torch.inf))
        self.register_buffer("high", torch.full((channels,), -torch.inf))

    @property
    def seen(self) -> bool:
        """Whether any tensor was seen."""
        return bool(torch.isfinite(self.low).all())

    def extremes(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Smallest and largest value of each channel, or of all."""
        if self.grid.channel_axis is None:
            low, high = torch.aminmax(x)
            return low.reshape(1), high.reshape(1)
        rows = x.movedim(self.grid.channel_axis, 0).flatten(1)
        low, high = torch.aminmax(rows, dim=1)
        return low, high

    def update(self, x: Tensor) -> None:
        """Take one tensor into account."""
        raise NotImplementedError

    def range(self) -> tuple[Tensor, Tensor]:
        """Return the lowest and the highest value to represent, each (channels,)."""
        return self.low, self.high


class MinMax(Observer):
    """Everything that was ever seen.

    Args:
        grid: As for `Observer`.
        channels: As for `Observer`.
        headroom: How many times as far the range goes.
    """

    def __init__(self, grid: Grid, channels: int = 1, headroom: float = 1.0) -> None:
        super().__init__(grid, channels)
        self.headroom = headroom

    def range(self) -> tuple[Tensor, Tensor]:
        """Return the extremes, with headroom."""
        return self.low * self.headroom, self.high * self.headroom

    def update(self, x: Tensor) -> None:
        """Widen the range to hold a tensor."""
        low, high = self.extremes(x)
        torch.minimum(self.low, low, out=self.low)
        torch.maximum(self.high, high, out=self.high)


class Latest(Observer):
    """The tensor seen last: for weights, which are all there at every step."""

    def update(self, x: Tensor) -> None:
        """Replace the range."""
        low, high = self.extremes(x)
        self.low.copy_(low)
        self.high.copy_(high)


class LatestBest(Latest):
    """The tensor seen last, in the range whose grid has the least squared error of it."""

    @torch.no_grad()
    def update(self, x: Tensor) -> None:
        """Replace the range by the best of `SHRUNK` times the extremes."""
        super().update(x)
        axis = self.grid.channel_axis
        rows = x.reshape(1, -1) if axis is None else x.movedim(axis, 0).flatten(1)
        low, high = self.low.clone(), self.high.clone()
        least = torch.full_like(low, torch.inf)
        for share in SHRUNK:
            scale, zero = self.grid.fit(share * low, share * high)
            scale, zero = scale[:, None], zero[:, None]
            level = ((rows / scale).round() + zero).clamp(self.grid.lowest, self.grid.highest)
            error = ((level - zero) * scale - rows).square().sum(1)
            better = error < least
            least = torch.where(better, error, least)
            torch.where(better, share * low, self.low, out=self.low)
            torch.where(better, share * high, self.high, out=self.high)


class MovingAverage(Observer):
    """Exponential average of each tensor's extremes.

    Args:
        grid: As for `Observer`.
        channels: As for `Observer`.
        momentum: Share of the newest tensor.
    """

    MERGE = "mean"

    def __init__(self, grid: Grid, channels: int = 1, momentum: float = 0.01) -> None:
        super().__init__(grid, channels)
        self.momentum = momentum

    def update(self, x: Tensor) -> None:
        """Move towards a tensor's extremes; the first one sets them."""
        low, high = self.extremes(x)
        first = torch.isinf(self.low)
        self.low.copy_(torch.where(first, low, self.low.lerp(low, self.momentum)))
        self.high.copy_(torch.where(first, high, self.high.lerp(high, self.momentum)))


class Average(Observer):
    """Mean of each tensor's extremes, all tensors weighing the same."""

    MERGE = "mean"

    count: Tensor

    def __init__(self, grid: Grid, channels: int = 1) -> None:
        super().__init__(grid, channels)
        self.register_buffer("count", torch.zeros(()))

    def update(self, x: Tensor) -> None:
        """Take one tensor into the mean."""
        self.count += 1
        for kept, new in zip((self.low, self.high), self.extremes(x), strict=True):
            kept.copy_(torch.where(self.count == 1, new, kept + (new - kept) / self.count))
