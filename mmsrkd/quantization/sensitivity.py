"""Which roundings cost most: each of them switched on alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from .calibrate import Track, untracked
from .quantize import quantizer_of, unrounded


@dataclass(frozen=True)
class Cost:
    """What one rounding does by itself.

    Attributes:
        name: Of the fake-quantiser: a weight's name, ``<address>:out`` for what an operation gives,
            ``<address>:in<n>`` for what it takes.
        weight: Whether it rounds a weight.
        takers: Addresses of the operations that take the rounded value.
        error: Mean squared error of the output, images in [0, 1].
        share: Of the sum over all roundings; they hardly influence each other.
    """

    name: str
    weight: bool
    takers: tuple[str, ...]
    error: float
    share: float


@torch.no_grad()
def sensitivity(
    network: nn.Module, error: Callable[[], float], track: Track = untracked
) -> list[Cost]:
    """Round one tensor at a time and look at the output.

    Weights that `compensate_weights` rounded are on their grid already and would cost nothing:
    call this before.

    Args:
        network: Quantised and calibrated; its switches are as before in the end.
        error: Mean squared error of the network's output as it is switched now.
        track: Shows progress.

    Returns:
        All roundings, the most expensive first.
    """
    quantizer = quantizer_of(network)
    modules, errors = quantizer.by_name(), {}
    with unrounded(network):
        for name in track(list(modules), "rounding one at a time"):
            modules[name].quantising = True
            errors[name] = error()
            modules[name].quantising = False
    total = sum(errors.values()) or 1.0
    plan = quantizer.plan
    costs = [
        Cost(name, plan.spots[name].weight is not None, _takers(network, name), e, e / total)
        for name, e in errors.items()
    ]
    return sorted(costs, key=lambda cost: -cost.error)


def _takers(network: nn.Module, name: str) -> tuple[str, ...]:
    plan = quantizer_of(network).plan
    of_weights = [address for address, spot in plan.weights.items() if spot == name]
    of_inputs = [address for (address, _), spot in plan.inputs.items() if spot == name]
    return tuple(dict.fromkeys(of_weights + of_inputs))
