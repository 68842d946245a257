"""What a network costs: parameters, multiply-adds, milliseconds."""

from __future__ import annotations

import copy
import statistics
import time
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

__all__ = ["count_parameters", "gmacs", "macs_per_pixel", "median_milliseconds"]

_SIDE = 64


def count_parameters(network: nn.Module) -> int:
    """Number of weights and biases."""
    return sum(parameter.numel() for parameter in network.parameters())


def gmacs(
    network: nn.Module,
    output: tuple[int, int] = (720, 1280),
    *,
    scale: int | None = None,
    count_relu: bool = False,
    tile: int | None = None,
) -> float:
    """Billions of multiply-adds of the convolutions and matrix products for one image.

    Nothing is computed: shapes alone pass through a copy on the meta device.

    Args:
        network: In the form to be counted (see `switch_to_deploy`); ``in_channels`` is its
            attribute, 3 if it has none.
        output: Height and width of the output; the input's are these over the scale, rounded down.
        scale: The network's attribute of that name if not given, 1 if it has none.
        count_relu: Count one for every output element of a ReLU or LeakyReLU module too, as the
            tools do that TAKDSR (2023) and others took their "FLOPs" from.
        tile: Compute a real image of this side instead and scale by the area: for networks that ask
            for values on their way, as mmagic's SwinIR does, which shapes alone cannot answer.
    """
    r = getattr(network, "scale", 1) if scale is None else scale
    channels, size = getattr(network, "in_channels", 3), (output[0] // r, output[1] // r)
    if tile is not None:
        share = size[0] * size[1] / tile**2
        return _macs(network, channels, (tile, tile), count_relu, "cpu") * share / 1e9
    return _macs(network, channels, size, count_relu) / 1e9


def macs_per_pixel(network: nn.Module) -> float:
    """Multiply-adds for each pixel of the input.

    Args:
        network: Fully convolutional, in the form to be counted (see `switch_to_deploy`).
    """
    return _macs(network, getattr(network, "in_channels", 3), (_SIDE, _SIDE), False) / _SIDE**2


@torch.no_grad()
def _macs(
    network: nn.Module,
    channels: int,
    size: tuple[int, int],
    count_relu: bool,
    device: str = "meta",
) -> int:
    network = copy.deepcopy(network).to(device).eval()
    elements = 0

    def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal elements
        elements += output.numel()

    if count_relu:
        for module in network.modules():
            if isinstance(module, nn.ReLU | nn.LeakyReLU):
                module.register_forward_hook(count)
    image = torch.zeros(1, channels, *size, device=device)
    with FlopCounterMode(display=False) as counter:
        network(image)
    return counter.get_total_flops() // 2 + elements


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
