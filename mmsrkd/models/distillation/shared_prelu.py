from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

_BLOCK = 65536  # elements that stay in a cache
_SMALLEST = 1e-3  # of a slope whose input can be told from its output
_APART = 0.1  # of a slope from 1 for a difference to be told exactly


class SharedPReLU(nn.PReLU):
    """`nn.PReLU` of one slope over a tensor nobody else needs, which it overwrites on a CPU.

    Torch makes the gradient of the slope for every element and sums afterwards; here the way back
    takes half the time, and the way forth makes no tensor. State keys and values are the same.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Map a tensor of any shape to the same shape."""
        if x.device.type != "cpu" or x.is_leaf:
            return super().forward(x)
        # what it was is needed on the way back, and only a positive slope leaves the sign
        in_place = self.weight.item() >= _SMALLEST
        return _PReLU.apply(x, self.weight, in_place)


class _PReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: Tensor, in_place: bool) -> Tensor:
        ctx.in_place = in_place
        if not in_place:
            ctx.save_for_backward(x, slope)
            return F.leaky_relu(x, slope.item())
        ctx.mark_dirty(x)
        F.leaky_relu_(x, slope.item())
        ctx.save_for_backward(x, slope)
        return x

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None]:
        x, slope = ctx.saved_tensors
        factor = slope.item()
        by_x = torch.ops.aten.leaky_relu_backward(gradient, x, factor, ctx.in_place)
        by_slope = _where_negative(gradient, by_x, x, factor)
        if ctx.in_place:
            by_slope = by_slope / factor
        return by_x, by_slope.reshape(slope.shape), None


def _where_negative(gradient: Tensor, by_x: Tensor, x: Tensor, slope: float) -> Tensor:
    """Sum of ``gradient * x`` over the negative elements of ``x``.

    ``by_x`` is the gradient times the slope there and the gradient elsewhere, so that the products
    of both with ``x`` differ by ``1 - slope`` of it: no tensor of the negative elements is made,
    unless the slope is so near 1 that the difference would be lost in rounding.
    """
    # one order of elements for all, the one in memory if they share it
    tensors = [gradient, by_x, x]
    if all(t.ndim == 4 and t.is_contiguous(memory_format=torch.channels_last) for t in tensors):
        tensors = [t.permute(0, 2, 3, 1) for t in tensors]
    blocks = zip(*(t.reshape(-1).split(_BLOCK) for t in tensors), strict=True)
    if abs(1 - slope) < _APART:
        return torch.stack([torch.dot(g, part.clamp(max=0)) for g, _, part in blocks]).sum()
    products = [torch.dot(g, part) - torch.dot(scaled, part) for g, scaled, part in blocks]
    return torch.stack(products).sum() / (1 - slope)
