"""From a float network to one that rounds as an integer runtime does."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.reparam import switch_to_deploy

from .fake_quant import FakeQuantize
from .folding import fold_norms
from .placement import place
from .quantizer import CHILD, Quantizer
from .recording import Op, announce, record
from .runtime import Rounding
from .scheme import Scheme

#: Height and width of the examples: one even, one odd, since networks pad by size.
EXAMPLE_SIZES = ((48, 48), (51, 45))


def quantize(
    network: nn.Module, scheme: Scheme, examples: Iterable[Tensor] | None = None
) -> nn.Module:
    """Put fake-quantisers into a network, in place.

    Re-parameterised blocks are merged and normalisations folded first. Class, names of modules and
    parameters, and hooks stay; the network gains the child ``quantizer``, which is switched by
    `Quantizer.switch` and rounds nothing sensible before it is calibrated or loaded.

    Args:
        network: With trained weights, on any device.
        scheme: How.
        examples: Inputs (N, C, H, W) that show every way through the network; by default noise of
            an even and an odd size.

    Returns:
        The network itself.

    Raises:
        ValueError: If it is quantised already, a pattern of the scheme fits nothing, or nothing is
            left to quantise.
    """
    if is_quantised(network):
        raise ValueError(f"{type(network).__name__} is quantised already")
    switch_to_deploy(network)
    if not any(True for _ in network.parameters()):
        raise ValueError(f"{type(network).__name__} has no weights: there is nothing to quantise")
    shown = list(example_images(network) if examples is None else examples)
    graph = record(network, shown)
    if fold_norms(network, graph):
        graph = record(network, shown)
    plan = place(graph, scheme)
    channels = {
        op.weight: network.get_parameter(op.weight).shape[op.weight_axis]
        for op in graph.ops.values()
        if op.weight is not None
    }
    inputs = {address: _input_channels(network, graph.ops[address]) for address in plan.balanced}
    announce(network)
    device = next(network.parameters()).device
    network.add_module(CHILD, Quantizer(plan, scheme, channels, inputs).to(device))
    network.forward = types.MethodType(_forward, network)
    return network


@torch.no_grad()
def bake_weights(network: nn.Module) -> nn.Module:
    """Round the weights themselves, in place: what the network gives stays the same.

    An exporter then finds numbers that are integers times a scale, whatever the bits. In the layout
    ``ort`` biases are rounded too, as ONNX Runtime rounds them for its integer sums: to multiples
    of the product of both scales, by far the finest grid there is.
    """
    quantizer = quantizer_of(network)
    spots, plan = quantizer.by_name(), quantizer.plan
    for address, balance in quantizer.balances().items():
        parameter = network.get_parameter(plan.weights[address])
        parameter.copy_(balance.into(parameter))
        balance.in_weight = True
    for name in set(quantizer.plan.weights.values()):
        parameter = network.get_parameter(name)
        parameter.copy_(spots[name](parameter))
    for address, read in quantizer.plan.reads.items():
        _bake_bias(network, quantizer.plan.weights[address], spots[read].scale, spots)
    return network


def _bake_bias(
    network: nn.Module, weight: str, read: Tensor, spots: Mapping[str, FakeQuantize]
) -> None:
    """Round the bias beside a weight; one that is used on several grids ends on the last."""
    bias = getattr(network.get_submodule(weight.rpartition(".")[0]), "bias", None)
    if isinstance(bias, Tensor):
        step = read * spots[weight].scale
        bias.copy_((bias / step).round() * step)


def _input_channels(network: nn.Module, op: Op) -> int:
    """Input channels of a convolution that is to be balanced."""
    again = "~" in op.address
    layer = network.get_submodule((op.weight or "").rpartition(".")[0])
    if op.weight is None or again or op.weight_axis == 1 or getattr(layer, "groups", 1) != 1:
        raise ValueError(
            f"override balance: {op.address!r} is a grouped, transposed, weightless or repeated "
            "convolution, whose input channels cannot be balanced; leave it out of the pattern"
        )
    return network.get_parameter(op.weight).shape[1]


def is_quantised(network: nn.Module) -> bool:
    """Whether `quantize` was here."""
    return isinstance(getattr(network, CHILD, None), Quantizer)


def quantizer_of(network: nn.Module) -> Quantizer:
    """The fake-quantisers of a network.

    Raises:
        ValueError: If it has none.
    """
    child = getattr(network, CHILD, None)
    if not isinstance(child, Quantizer):
        raise ValueError(
            f"{type(network).__name__} is not quantised: run tools/quantize.py, or train with "
            "`quantization = dict(scheme=dict(preset=...))` in the config"
        )
    return child


@contextmanager
def unrounded(network: nn.Module) -> Iterator[None]:
    """Neither round nor observe inside the block; a float network is let alone.

    Args:
        network: Calibrated or not; its switches are as before in the end.
    """
    if not is_quantised(network):
        yield
        return
    quantizer = quantizer_of(network)
    before = [(m, m.observing, m.quantising) for m in quantizer.by_name().values()]
    balancing = [(balance, balance.observing) for balance in quantizer.balances().values()]
    quantizer.switch(observing=False, quantising=False)
    try:
        yield
    finally:
        for module, observing, quantising in before:
            module.observing, module.quantising = observing, quantising
        for balance, observing in balancing:
            balance.observing = observing


def example_images(network: nn.Module) -> list[Tensor]:
    """Noise in [0, 1], one picture for each of `EXAMPLE_SIZES`."""
    channels = getattr(network, "in_channels", 3)
    device = next(network.parameters()).device
    generator = torch.Generator().manual_seed(0)
    return [
        torch.rand(1, channels, *size, generator=generator).to(device) for size in EXAMPLE_SIZES
    ]


def _forward(network: nn.Module, *args: Any, **kwargs: Any) -> Any:
    """The network's own forward pass, with roundings."""
    quantizer = quantizer_of(network)
    with Rounding(network, quantizer.plan, quantizer.by_name(), quantizer.balances()):
        return type(network).forward(network, *args, **kwargs)
