"""Observers that leave rare values out of the range, by a histogram of everything seen."""

from __future__ import annotations

import torch
from torch import Tensor

from .grid import Grid
from .observers import Observer

BINS = 4096
#: While training every so many values are counted: there are thousands of steps, and to count all
#: made a step 1.9 times the float one. A prime, lest it meets the same channels or columns.
STRIDE = 13
#: Shares of the full range that are tried.
CANDIDATES = 100


class Histogram(Observer):
    """Base: counts of values in equal bins between -reach and reach.

    The reach doubles when a value lies beyond it; pairs of bins then become one, so that no count
    is lost.

    Raises:
        ValueError: If the grid has a scale for each channel; its range is `MinMax`'s or `Latest`'s.
    """

    MERGE = "first"

    counts: Tensor
    reach: Tensor

    def __init__(self, grid: Grid, channels: int = 1) -> None:
        if grid.channel_axis is not None:
            raise ValueError(
                f"{type(self).__name__} observes whole tensors; a grid with one scale a channel "
                "(weights) takes 'minmax' or 'latest'"
            )
        super().__init__(grid, channels)
        self.register_buffer("counts", torch.zeros(BINS, dtype=torch.float64))
        self.register_buffer("reach", torch.zeros(1))

    def update(self, x: Tensor) -> None:
        """Count the values of a tensor; in training mode every `STRIDE`-th, and the extremes."""
        low, high = self.extremes(x)
        torch.minimum(self.low, low, out=self.low)
        torch.maximum(self.high, high, out=self.high)
        self._reach_for(float(torch.maximum(-low, high)))
        reach = float(self.reach)
        values = x.detach()
        if self.training and x.numel() >= BINS * STRIDE:
            values = _in_memory(values)[::STRIDE]
        self.counts += torch.histc(values.float(), BINS, -reach, reach).double()

    def _reach_for(self, value: float) -> None:
        if float(self.reach) == 0:
            self.reach.fill_(max(value, 1e-6))
        while float(self.reach) < value:
            pairs = self.counts.view(-1, 2).sum(1)
            self.counts.zero_()
            self.counts[BINS // 4 : 3 * BINS // 4] = pairs
            self.reach.mul_(2)

    def centres(self) -> Tensor:
        """Middle value of each bin, float64."""
        steps = torch.arange(BINS, dtype=torch.float64, device=self.counts.device) + 0.5
        return (steps / BINS * 2 - 1) * self.reach.double()

    def candidates(self) -> list[tuple[Tensor, Tensor]]:
        """Ranges to choose from: the full one, cut off at ever smaller values on both sides."""
        reach = torch.maximum(-self.low, self.high)
        cuts = [reach * share for share in torch.linspace(1, 1 / CANDIDATES, CANDIDATES).tolist()]
        return [(torch.maximum(self.low, -cut), torch.minimum(self.high, cut)) for cut in cuts]

    def cost(self, low: Tensor, high: Tensor) -> float:
        """How bad a range is."""
        raise NotImplementedError

    def range(self) -> tuple[Tensor, Tensor]:
        """Return the candidate that costs least."""
        return min(self.candidates(), key=lambda pair: self.cost(*pair))

    def rounded(self, values: Tensor, low: Tensor, high: Tensor) -> Tensor:
        """What values become on the grid of a range."""
        scale, zero = self.grid.fit(low, high)
        integers = (values / scale.double()).round() + zero
        return (integers.clamp(self.grid.lowest, self.grid.highest) - zero) * scale.double()


def _in_memory(x: Tensor) -> Tensor:
    """All values in a row, without a copy of a picture whose channels lie last."""
    last = x.ndim == 4 and x.is_contiguous(memory_format=torch.channels_last)
    return (x.permute(0, 2, 3, 1) if last else x).flatten()


class Percentile(Histogram):
    """The range that holds a share of all values; the rest saturates.

    Args:
        grid: As for `Observer`.
        channels: As for `Observer`.
        share: Between 0 and 1; half of what is left out lies on either side.
    """

    def __init__(self, grid: Grid, channels: int = 1, share: float = 0.99999) -> None:
        super().__init__(grid, channels)
        if not 0 < share <= 1:
            raise ValueError(f"share must be in (0, 1], got {share}: 0.99999 is usual")
        self.share = share

    def range(self) -> tuple[Tensor, Tensor]:
        """Return the values at the two percentiles, never beyond what was seen."""
        part = self.counts.cumsum(0) / self.counts.sum()
        tail = (1 - self.share) / 2
        centres = self.centres()
        low = centres[torch.searchsorted(part, torch.tensor(tail, dtype=part.dtype))]
        last = torch.searchsorted(part, torch.tensor(1 - tail, dtype=part.dtype))
        high = centres[last.clamp(max=BINS - 1)]
        return (
            torch.maximum(low.float().reshape(1), self.low),
            torch.minimum(high.float().reshape(1), self.high),
        )


class MeanSquare(Histogram):
    """The range whose grid has the smallest mean squared error over all values seen."""

    def cost(self, low: Tensor, high: Tensor) -> float:
        """Sum of squared errors."""
        centres = self.centres()
        return float((self.counts * (self.rounded(centres, low, high) - centres).square()).sum())


class Entropy(Histogram):
    """The range whose grid keeps the distribution of values best (Kullback-Leibler divergence).

    As TensorRT's calibrator does it, but for grids of either sign and zero point: counts of all
    bins that round to one integer are spread evenly over those that were not empty.
    """

    def cost(self, low: Tensor, high: Tensor) -> float:
        """Divergence of the rounded distribution from the true one, saturated values included."""
        counts, centres = self.counts, self.centres()
        _, group = torch.unique(self.rounded(centres, low, high), return_inverse=True)
        inside = (centres >= low.double()) & (centres <= high.double())
        true = self._clipped(counts, inside)
        mass = torch.zeros(int(group.max()) + 1, dtype=counts.dtype, device=counts.device)
        filled = mass.clone()
        occupied = ((counts > 0) & inside).double()
        mass.index_add_(0, group, counts * inside)
        filled.index_add_(0, group, occupied)
        spread = (mass / filled.clamp(min=1))[group] * occupied
        p, q = true / true.sum(), spread / spread.sum().clamp(min=1e-12)
        known = p > 0
        return float((p[known] * (p[known] / q[known].clamp(min=1e-12)).log()).sum())

    @staticmethod
    def _clipped(counts: Tensor, inside: Tensor) -> Tensor:
        """Counts with those outside moved to the outermost bins inside, where they saturate."""
        places = inside.nonzero().flatten()
        if not len(places):
            return counts
        first, last = int(places[0]), int(places[-1])
        clipped = counts * inside
        clipped[first] += counts[:first].sum()
        clipped[last] += counts[last + 1 :].sum()
        return clipped
