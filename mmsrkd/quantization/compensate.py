"""Rounding the weights of a layer together, so that their errors cancel in what the layer gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from .calibrate import Track, untracked
from .calls import function_name
from .fake_quant import FakeQuantize
from .quantize import quantizer_of
from .runtime import Rounding

#: Patches of a picture that are looked at, evenly spread: more say the same again.
PATCHES = 4096
#: Added to the diagonal, as a share of its mean: what was never seen must not decide.
DAMPING = 0.01
_CONV = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")


@torch.no_grad()
def compensate_weights(
    network: nn.Module, images: Iterable[Tensor], track: Track = untracked
) -> list[str]:
    """Round the weights of convolutions and linear layers, in place, by what enters them.

    Rounding to the nearest integer is best for each weight by itself. Here the weights of an output
    channel are rounded one after the other, and those still to come take over the error, so far as
    what enters them allows (GPTQ, Frantar et al., 2023, with the inputs of largest power first).
    Scales, speed and file stay the same. What enters is rounded already, and balanced where it is.

    Transposed convolutions and padding by name are left to the nearest integer. For each layer a
    number is held for every pair of its inputs: 1.4 GB for the largest EDSR.

    Args:
        network: Calibrated, so that it rounds.
        images: (N, C, H, W) in [0, 1], such as it was calibrated with.
        track: Shows progress.

    Returns:
        Names of the weights that were rounded so.
    """
    quantizer = quantizer_of(network)
    spots, device = quantizer.by_name(), next(network.parameters()).device
    found: dict[str, Tensor] = {}
    training = network.training
    network.eval()
    for image in track(list(images), "watching layers"):
        with _Watching(found, network, quantizer.plan, spots, quantizer.balances()):
            type(network).forward(network, image.to(device))
    network.train(training)
    addresses = {weight: address for address, weight in quantizer.plan.weights.items()}
    for name in track(list(found), "rounding weights"):
        parameter = network.get_parameter(name)
        balance = quantizer.balances().get(addresses[name])
        if balance is None or balance.in_weight:
            parameter.copy_(_rounded_together(parameter, found[name], spots[name]))
        else:
            rounded = _rounded_together(balance.into(parameter), found[name], spots[name])
            parameter.copy_(balance.out_of(rounded))
    return list(found)


class _Watching(Rounding):
    """Sums up the products of all pairs of values that meet the same output, weight by weight."""

    def __init__(self, products: dict[str, Tensor], *args: Any) -> None:
        super().__init__(*args)
        self.products = products  # (groups, inputs, inputs)
        self.transposed = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call as always, and remember whether a convolution is transposed: shapes may not tell."""
        self.transposed = function_name(func).startswith("conv_transpose")
        return super().__torch_function__(func, types, args, kwargs)

    def _round_weight(self, address: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        name = self.plan.weights.get(address)
        if name is not None and not self.transposed:
            call = dict(zip(_CONV, args, strict=False)) | kwargs
            patches = _patches(call)
            if patches is not None:
                found = patches @ patches.transpose(1, 2)
                self.products[name] = self.products.get(name, 0) + found
        super()._round_weight(address, args, kwargs)


def _patches(call: Mapping[str, Any]) -> Tensor | None:
    """What each output of a layer is made of, (groups, inputs, outputs); None where unknown."""
    x, weight = call["input"], call["weight"]
    if weight.ndim == 2:
        return _spread(x.reshape(-1, x.shape[-1]).t()[None])
    if weight.ndim != 4 or isinstance(call.get("padding"), str):
        return None
    groups, (channels, *kernel) = call.get("groups", 1), weight.shape[1:]
    columns = functional.unfold(
        x, kernel, call.get("dilation", 1), call.get("padding", 0), call.get("stride", 1)
    )
    by_group = columns.transpose(0, 1).reshape(groups, channels * kernel[0] * kernel[1], -1)
    return _spread(by_group)


def _spread(columns: Tensor) -> Tensor:
    return columns[..., :: max(1, columns.shape[-1] // PATCHES)].float()


def _rounded_together(weight: Tensor, products: Tensor, spot: FakeQuantize) -> Tensor:
    """Round one input at a time, over all outputs at once.

    Args:
        weight: (O, ...), O a multiple of the groups.
        products: (groups, inputs, inputs).
        spot: Its scales and integers.
    """
    groups, inputs = products.shape[:2]
    rest = weight.double().reshape(groups, -1, inputs).clone()
    scale = spot.scale.double().expand(weight.shape[0]).reshape(groups, -1)
    products = products.double()
    power = products.diagonal(dim1=1, dim2=2)
    order = power.sum(0).argsort(descending=True)
    damping = DAMPING * power.mean(1).clamp(min=1e-12)
    products = products + damping.view(-1, 1, 1) * torch.eye(inputs, device=weight.device)
    products = products[:, order][:, :, order]
    factor = torch.linalg.cholesky(torch.linalg.inv(products), upper=True)
    rest = rest[..., order]
    for i in range(inputs):
        limits = (spot.grid.lowest, spot.grid.highest)
        whole = (rest[..., i] / scale).round().clamp(*limits) * scale
        error = (rest[..., i] - whole) / factor[:, i, i, None]
        rest[..., i + 1 :] -= error[..., None] * factor[:, i, None, i + 1 :]
        rest[..., i] = whole
    return rest[..., order.argsort()].reshape(weight.shape).to(weight.dtype)
