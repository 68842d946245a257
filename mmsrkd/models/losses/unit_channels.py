"""Pixels of feature maps divided by their norm."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

#: Added to the norm, as in FAKD's code: a pixel of zeros stays zero.
EPS = 1e-8


def unit_channels(x: Tensor) -> Tensor:
    """Divide every pixel by its L2 norm over the channels; (N, C, H, W) -> same shape.

    What ``x / (vector_norm(x, dim=1, keepdim=True) + EPS)`` gives, in less than half the time on a
    CPU with the way back, and with one tensor of the features' size kept.
    """
    units: Tensor = _UnitChannels.apply(x)
    return units


class _UnitChannels(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        norms = _norms(x)
        units = x * (norms + EPS).reciprocal_()
        ctx.save_for_backward(units, norms)
        return units

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        """What points along the pixel itself is taken out, the rest divided by the norm."""
        units, norms = ctx.saved_tensors
        lengths = norms + EPS
        smallest = torch.finfo(norms.dtype).tiny  # where all channels are 0, so are the units
        along = (gradient * units).sum(dim=1, keepdim=True)
        along.mul_(lengths / norms.clamp_min(smallest))
        return torch.addcmul(gradient, units, along, value=-1).div_(lengths)


def _norms(x: Tensor) -> Tensor:
    if x.is_contiguous() and x.dtype.itemsize >= 4:  # squares of float16 overflow at 256
        return x.square().sum(dim=1, keepdim=True).sqrt_()  # three times as fast there
    return torch.linalg.vector_norm(x, dim=1, keepdim=True)
