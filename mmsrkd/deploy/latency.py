"""How long a picture takes, PyTorch and ONNX Runtime side by side."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from .parity import Shape, open_session, picture


@dataclass(frozen=True)
class Latency:
    """Medians of one interleaved run.

    Attributes:
        shape: (N, C, H, W) of the input.
        torch_ms: PyTorch, milliseconds.
        onnx_ms: ONNX Runtime, milliseconds.
        threads: Threads both were given.
    """

    shape: Shape
    torch_ms: float
    onnx_ms: float
    threads: int


@torch.no_grad()
def measure_latency(
    network: nn.Module, path: str | os.PathLike[str], shape: Shape, *, runs: int = 10
) -> Latency:
    """Time a network and its ONNX file on the CPU.

    Both take turns, so that whatever else the machine does meets both alike; the first turn of each
    is not counted.

    Args:
        network: In evaluation mode, in the form to be timed (see `switch_to_deploy`).
        path: ONNX file.
        shape: (N, C, H, W) of the input.
        runs: Turns counted.
    """
    image = picture(shape)
    session = open_session(path)
    feed = {session.get_inputs()[0].name: image.numpy()}
    torch_times, onnx_times = [], []
    for turn in range(runs + 1):
        torch_ms = _milliseconds(lambda: network(image))
        onnx_ms = _milliseconds(lambda: session.run(None, feed))
        if turn:
            torch_times.append(torch_ms)
            onnx_times.append(onnx_ms)
    return Latency(
        shape,
        statistics.median(torch_times),
        statistics.median(onnx_times),
        torch.get_num_threads(),
    )


def _milliseconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)
