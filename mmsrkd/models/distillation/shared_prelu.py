from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

_BLOCK = 65536  # elements that stay in a cache
_SMALLEST = 1e-3  # of a slope whose input can be told from its output


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
        by_x = torch.ops.aten.leaky_relu_backward(gradient, x, slope.item(), ctx.in_place)
        # one order of elements for both, the one in memory if they share it
        if all(
            t.ndim == 4 and t.is_contiguous(memory_format=torch.channels_last)
            for t in (gradient, x)
        ):
            gradient, x = gradient.permute(0, 2, 3, 1), x.permute(0, 2, 3, 1)
        blocks = zip(gradient.reshape(-1).split(_BLOCK), x.reshape(-1).split(_BLOCK), strict=True)
        by_slope = torch.stack([torch.dot(g, part.clamp(max=0)) for g, part in blocks]).sum()
        if ctx.in_place:
            by_slope = by_slope / slope.item()
        return by_x, by_slope.reshape(slope.shape), None
