"""How long a picture takes, any number of contestants side by side."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from .backends import Run
from .parity import picture
from .shapes import Shape

#: Opens a contestant on so many threads.
Opener = Callable[[int], Run]


@dataclass(frozen=True)
class Timing:
    """What one contestant took.

    Attributes:
        label: Its name.
        median_ms: Median, milliseconds.
        min_ms: Shortest, milliseconds.
        ratio: Median of the first contestant over this one's: how many times as fast.
    """

    label: str
    median_ms: float
    min_ms: float
    ratio: float


def measure_latency(
    contestants: Mapping[str, Opener], shape: Shape, *, threads: int = 0, runs: int = 10
) -> list[Timing]:
    """Time contestants on the CPU in one interleaved run.

    They take turns, so that whatever else the machine does meets all alike, and each is given the
    same picture and as many threads. A turn is two pictures of which the second is timed: during
    the first, threads of the one before still wait busily for more work, and caches hold its
    weights.

    Args:
        contestants: By label; ratios are to the first.
        shape: (N, C, H, W) of the input.
        threads: For each; 0 for as many as PyTorch uses.
        runs: Turns counted.
    """
    image = picture(shape).numpy()
    count = threads or torch.get_num_threads()
    opened = {label: open_on(count) for label, open_on in contestants.items()}
    times: dict[str, list[float]] = {label: [] for label in opened}
    for _ in range(runs):
        for label, run in opened.items():
            run(image)
            times[label].append(_milliseconds(run, image))
    medians = {label: statistics.median(taken) for label, taken in times.items()}
    first = next(iter(medians.values()))
    return [Timing(key, medians[key], min(times[key]), first / medians[key]) for key in medians]


def eager(network: nn.Module, *, channels_last: bool = False) -> Opener:
    """Enter PyTorch, uncompiled, as a contestant.

    Args:
        network: In evaluation mode, in the form to be timed (see `switch_to_deploy`).
        channels_last: Weights and pictures in the layout (N, H, W, C) in memory.
    """
    layout = torch.channels_last if channels_last else torch.contiguous_format

    def open_on(threads: int) -> Run:
        moved = _channels_last(network) if channels_last else network

        @torch.no_grad()
        def run(image: NDArray[np.float32]) -> NDArray[np.float32]:
            given = torch.from_numpy(image).contiguous(memory_format=layout)
            before = torch.get_num_threads()
            torch.set_num_threads(threads)
            try:
                return moved(given).numpy()
            finally:
                torch.set_num_threads(before)

        return run

    return open_on


def _channels_last(network: nn.Module) -> nn.Module:
    """Return a copy whose kernels lie in memory as its pictures will."""
    moved = copy.deepcopy(network)
    for weight in moved.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return moved


def _milliseconds(run: Run, image: NDArray[np.float32]) -> float:
    start = time.perf_counter()
    run(image)
    return 1000 * (time.perf_counter() - start)
