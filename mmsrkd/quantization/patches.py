"""The numbers that each output of a layer is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.modules.utils import _pair

#: Outputs of a picture that are looked at: more say the same again.
PATCHES = 4096
_CONV = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")
_TRANSPOSED = (*_CONV[:5], "output_padding", "groups", "dilation")


def patches_of(function: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Tensor | None:
    """Take apart the call of a layer.

    Args:
        function: Its name, e.g. ``conv2d`` or ``conv_transpose2d``.
        args: As it is called.
        kwargs: The same.

    Returns:
        (groups, inputs, outputs) for some of the outputs, inputs in the order of the weight's
        numbers (for transposed convolutions, of ``weight.transpose(0, 1)``). None for padding by
        name, grouped or dilated transposed convolutions, and other dimensions than two.
    """
    if function.startswith("conv_transpose"):
        return _transposed(dict(zip(_TRANSPOSED, args, strict=False)) | dict(kwargs))
    return _plain(dict(zip(_CONV, args, strict=False)) | dict(kwargs))


def _plain(call: Mapping[str, Any]) -> Tensor | None:
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


def _transposed(call: Mapping[str, Any]) -> Tensor | None:
    """A convolution of the input with zeros between its pixels, by the kernel turned around."""
    x, weight = call["input"], call["weight"]
    if weight.ndim != 4 or call.get("groups", 1) != 1 or _pair(call.get("dilation", 1)) != (1, 1):
        return None
    stride, cut = _pair(call.get("stride", 1)), _pair(call.get("padding", 0))
    more, (height, width) = _pair(call.get("output_padding", 0)), weight.shape[2:]
    apart = x.new_zeros(
        *x.shape[:2], *((n - 1) * s + 1 for n, s in zip(x.shape[2:], stride, strict=True))
    )
    apart[..., :: stride[0], :: stride[1]] = x
    top, left = height - 1 - cut[0], width - 1 - cut[1]
    apart = functional.pad(apart, (left, left + more[1], top, top + more[0]))
    rows, columns = apart.shape[2] - height + 1, apart.shape[3] - width + 1
    # at random: evenly spread ones might all meet the same part of the kernel
    order = torch.randperm(len(x) * rows * columns, generator=torch.Generator().manual_seed(0))
    picked = order[:PATCHES].to(x.device)
    sample, row, column = picked // (rows * columns), picked // columns % rows, picked % columns
    down = (row[:, None] + torch.arange(height, device=x.device))[:, :, None]
    across = (column[:, None] + torch.arange(width, device=x.device))[:, None]
    patches = apart[sample[:, None, None], :, down, across]  # (outputs, height, width, channels)
    patches = patches.flip(1, 2).permute(3, 1, 2, 0)
    return patches.reshape(1, -1, len(picked)).float()
