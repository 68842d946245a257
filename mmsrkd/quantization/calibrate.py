"""Finding ranges from pictures, without training."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from .quantize import quantizer_of


@torch.no_grad()
def calibrate(network: nn.Module, images: Iterable[Tensor]) -> nn.Module:
    """Show a quantised network pictures and fix its ranges; it rounds afterwards.

    Args:
        network: As `quantize` returns it; its training mode is kept.
        images: LR pictures (N, C, H, W) in [0, 1], such as the network will see.

    Raises:
        ValueError: If there is no picture, or all of them are of one value.
    """
    quantizer = quantizer_of(network)
    device = next(network.parameters()).device
    training = network.training
    network.eval()
    quantizer.switch(observing=True, quantising=False)
    shown, low, high = 0, torch.inf, -torch.inf
    for image in images:
        low, high = min(low, float(image.min())), max(high, float(image.max()))
        network(image.to(device))
        shown += 1
    network.train(training)
    if not shown:
        raise ValueError("there is no picture to calibrate with: name a folder that holds some")
    if high - low < 1e-6:
        raise ValueError(
            f"all pictures to calibrate with have the one value {low:.3g}, from which no range can "
            "be learnt: take photographs such as the network will see"
        )
    quantizer.settle()
    quantizer.switch(observing=False, quantising=True)
    return network
