"""What a network costs: parameters, multiply-adds, milliseconds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping

import torch
from torch import Tensor, nn

__all__ = ["count_parameters", "macs_per_pixel", "median_milliseconds"]

_SIDE = 16


def count_parameters(network: nn.Module) -> int:
    """Number of weights and biases."""
    return sum(parameter.numel() for parameter in network.parameters())


@torch.no_grad()
def macs_per_pixel(network: nn.Module) -> float:
    """Multiply-adds of the convolutions for each pixel of the input.

    Args:
        network: Fully convolutional, RGB in; in the form to be counted (see `switch_to_deploy`).
    """
    total = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        assert isinstance(module, nn.Conv2d)
        total += output.shape[2] * output.shape[3] * module.weight.numel()

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d)]
    try:
        network(torch.zeros(1, 3, _SIDE, _SIDE))
    finally:
        for hook in hooks:
            hook.remove()
    return total / _SIDE**2


@torch.no_grad()
def median_milliseconds(
    networks: Mapping[str, nn.Module], side: int = 256, turns: int = 5
) -> dict[str, float]:
    """Time networks on the CPU, taking turns, so that other load of the machine meets all alike.

    Args:
        networks: In evaluation mode, by name.
        side: Height and width of the input image.
        turns: Turns counted, after one that is not.
    """
    image = torch.rand(1, 3, side, side, generator=torch.Generator().manual_seed(0))
    times: dict[str, list[float]] = {name: [] for name in networks}
    for turn in range(turns + 1):
        for name, network in networks.items():
            started = time.perf_counter()
            network(image)
            if turn:
                times[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(values) for name, values in times.items()}
