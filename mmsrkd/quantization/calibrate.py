"""Finding ranges from pictures, without training."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from .histogram import Percentile
from .quantize import quantizer_of

#: Hands on what it is given, and shows how far it is: (items, what is done with them) -> items.
Track = Callable[[Sequence[Any], str], Iterable[Any]]


def untracked(items: Sequence[Any], label: str) -> Iterable[Any]:
    """Show nothing."""
    return items


@torch.no_grad()
def calibrate(network: nn.Module, images: Iterable[Tensor], track: Track = untracked) -> nn.Module:
    """Show a quantised network pictures and fix its ranges; it rounds afterwards.

    Args:
        network: As `quantize` returns it; its training mode is kept.
        images: LR pictures (N, C, H, W) in [0, 1], such as the network will see; shown twice where
            channels are to be balanced.
        track: Shows progress.

    Raises:
        ValueError: If there is no picture, or each of them is of one value.
    """
    shown = list(images)
    _check(shown)
    quantizer = quantizer_of(network)
    if quantizer.unbalanced:
        quantizer.switch(observing=False, quantising=False, balancing=True)
        _show(network, track(shown, "balancing channels"))
        quantizer.take_factors(network)
    quantizer.switch(observing=True, quantising=False)
    _show(network, track(shown, "finding ranges"))
    quantizer.settle()
    quantizer.switch(observing=False, quantising=True)
    return network


def take_percentile(network: nn.Module, share: float) -> None:
    """Take ranges from what was observed by another percentile; nothing is observed again.

    Args:
        network: Calibrated with ``calibration="percentile"``.
        share: As `Scheme`'s ``percentile``, which it becomes.
    """
    quantizer = quantizer_of(network)
    quantizer.scheme = dataclasses.replace(quantizer.scheme, percentile=share)
    for module in quantizer.by_name().values():
        if isinstance(module.observer, Percentile):
            module.observer.share = share
    quantizer.settle()


def _check(images: list[Tensor]) -> None:
    if not images:
        raise ValueError("there is no picture to calibrate with: name a folder that holds some")
    if all(float(image.max() - image.min()) < 1e-6 for image in images):
        raise ValueError(
            "every picture to calibrate with is of one value, the first of "
            f"{float(images[0].min()):.3g}, from which no range can be learnt: take photographs "
            "such as the network will see"
        )


def _show(network: nn.Module, images: Iterable[Tensor]) -> None:
    """Run a network in evaluation mode."""
    device = next(network.parameters()).device
    training = network.training
    network.eval()
    for image in images:
        network(image.to(device))
    network.train(training)
