from __future__ import annotations

import pytest
import torch

from mmsrkd.quantization.grid import Grid
from mmsrkd.quantization.histogram import BINS, Entropy, MeanSquare, Percentile
from mmsrkd.quantization.observers import Average, Latest, LatestBest, MinMax, MovingAverage
from mmsrkd.quantization.scheme import build_scheme

GRID = Grid(8)


def values(seed: int = 0, count: int = 20_000) -> torch.Tensor:
    return torch.randn(count, generator=torch.Generator().manual_seed(seed))


def test_min_max_holds_everything_and_each_channel_apart():
    observer = MinMax(Grid(8, signed=True, symmetric=True, channel_axis=1), 2)
    observer.update(torch.tensor([[1.0, -3.0], [2.0, 4.0]]))
    observer.update(torch.tensor([[-1.0, 0.0]]))
    low, high = observer.range()
    assert low.tolist() == [-1, -3]
    assert high.tolist() == [2, 4]


@pytest.mark.parametrize("axis", [None, 0])
@pytest.mark.parametrize("bits", [4, 8])
def test_the_best_range_of_a_weight_rounds_it_better_than_the_whole(bits: int, axis: int | None):
    grid = Grid(bits, signed=True, symmetric=True, channel_axis=axis)
    weight = values(count=4 * 288).view(4, 32, 3, 3)

    def error(kind: type[Latest]) -> torch.Tensor:
        observer = kind(grid, 1 if axis is None else 4)
        observer.update(weight)
        scale = grid.fit(*observer.range())[0].view(-1, 1, 1, 1)
        rounded = (weight / scale).round().clamp(grid.lowest, grid.highest) * scale
        return (rounded - weight).square().sum(dim=(1, 2, 3))

    best, whole = error(LatestBest), error(Latest)
    if axis is None:
        best, whole = best.sum(), whole.sum()
    assert (best <= whole).all()
    if bits == 4:
        assert best.sum() < 0.95 * whole.sum()


def test_moving_average_begins_with_what_it_sees_first():
    observer = MovingAverage(GRID, momentum=0.1)
    assert not observer.seen
    observer.update(torch.tensor([-1.0, 1.0]))
    observer.update(torch.tensor([-3.0, 2.0]))
    assert observer.low.item() == pytest.approx(-1.2)
    assert observer.high.item() == pytest.approx(1.1)


def test_the_histogram_counts_everything_whatever_the_order_of_ranges():
    small, large = values(), 100 * values(1)
    observer = Percentile(GRID)
    for part in (small, large, small):
        observer.update(part)
    assert int(observer.counts.sum()) == 3 * len(small)
    # two thirds of all values lie within the few bins around 0
    middle = observer.counts[BINS // 2 - 200 : BINS // 2 + 200].sum() / observer.counts.sum()
    assert middle > 0.66


def test_percentile_is_that_of_the_values():
    observer = Percentile(GRID, share=0.99)
    observer.update(values())
    low, high = observer.range()
    truth = torch.quantile(values(), torch.tensor([0.005, 0.995]))
    assert torch.allclose(torch.cat([low, high]), truth, atol=0.02)


@pytest.mark.parametrize("bits", [4, 8])
def test_mse_finds_what_a_search_over_the_values_finds(bits):
    x = torch.cat([values(), torch.tensor([30.0])])  # one outlier
    grid = Grid(bits, signed=True, symmetric=True)
    observer = MeanSquare(grid)
    observer.update(x)

    def error(reach: float) -> float:
        scale = reach / grid.highest
        rounded = (x / scale).round().clamp(grid.lowest, grid.highest) * scale
        return float((rounded - x).square().mean())

    best = min(error(30 * share / 100) for share in range(1, 101))
    low, high = observer.range()
    assert error(float(torch.maximum(-low, high))) == pytest.approx(best, rel=0.05)


def test_entropy_leaves_a_lonely_outlier_out_and_keeps_a_full_range():
    outlier, uniform = Entropy(GRID), Entropy(GRID)
    outlier.update(torch.cat([values(), torch.tensor([50.0])]))
    uniform.update(torch.linspace(-1, 1, 50_000))
    assert float(outlier.range()[1]) < 25
    assert float(uniform.range()[1]) > 0.95


def test_histograms_are_for_whole_tensors():
    with pytest.raises(ValueError, match="MeanSquare observes whole tensors"):
        MeanSquare(Grid(8, channel_axis=0), 3)


def test_average_is_the_mean_of_extremes():
    observer = Average(Grid(8, channel_axis=1), 2)
    for factor in (1, 2, 6):
        observer.update(factor * torch.tensor([[1.0, -3.0], [2.0, 4.0]]))
    assert torch.allclose(observer.low, torch.tensor([3.0, -9.0]))
    assert torch.allclose(observer.high, torch.tensor([6.0, 12.0]))


def test_the_share_of_a_scheme():
    scheme = build_scheme("cpu", calibration="percentile", percentile=0.9)
    observer = scheme.activation_observer(GRID)
    observer.update(torch.linspace(-1, 1, 100_001))
    low, high = observer.range()
    assert (low.item(), high.item()) == pytest.approx((-0.9, 0.9), abs=2e-3)
    with pytest.raises(ValueError, match=r"share must be in \(0, 1\], got 99.99"):
        build_scheme("cpu", percentile=99.99)
