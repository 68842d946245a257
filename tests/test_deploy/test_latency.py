from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from mmsrkd.deploy import latency
from mmsrkd.deploy.latency import eager, measure_latency

SHAPE = (1, 3, 8, 8)


def test_contestants_take_turns_on_as_many_threads(monkeypatch: pytest.MonkeyPatch):
    clock = iter(np.arange(0.0, 100.0, 0.001))
    monkeypatch.setattr(latency.time, "perf_counter", lambda: float(next(clock)))
    calls, threads = [], []

    def contestant(label: str, ticks: int):
        def open_on(count: int):
            threads.append(count)

            def run(image: np.ndarray) -> np.ndarray:
                assert image.shape == SHAPE
                calls.append(label)
                for _ in range(ticks):
                    next(clock)
                return image

            return run

        return open_on

    slow, fast = measure_latency(
        {"slow": contestant("slow", 5), "fast": contestant("fast", 2)}, SHAPE, threads=3, runs=2
    )
    assert calls == ["slow", "slow", "fast", "fast"] * 2, "the second of a turn is timed"
    assert threads == [3, 3]
    assert (slow.label, fast.label, slow.ratio) == ("slow", "fast", 1.0)
    assert slow.median_ms == pytest.approx(6)
    assert fast.min_ms == pytest.approx(3)
    assert fast.ratio == pytest.approx(2)


@pytest.mark.parametrize("channels_last", [False, True])
def test_pytorch_gets_its_threads_and_layout_and_gives_them_back(channels_last: bool):
    seen = []

    class Watching(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            last = x.is_contiguous(memory_format=torch.channels_last)
            weight = self.conv.weight.is_contiguous(memory_format=torch.channels_last)
            seen.append((torch.get_num_threads(), last, weight))
            return self.conv(x)

    network = Watching().eval()
    out = eager(network, channels_last=channels_last)(1)(np.zeros(SHAPE, np.float32))
    assert seen == [(1, channels_last, channels_last)]
    assert torch.get_num_threads() == 2
    assert out.shape == SHAPE
    assert network.conv.weight.is_contiguous(), "the caller's network keeps its layout"
