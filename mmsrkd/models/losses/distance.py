from __future__ import annotations

from typing import Any

from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable


def mean_absolute_difference(a: Tensor, b: Tensor) -> Tensor:
    """Mean of ``|a - b|`` over all elements, a scalar.

    What ``(a - b).abs().mean()`` gives, with one tensor kept and a third of the passes over memory
    on the way back; 0 has the gradient 0. On a CPU, where features fill the caches, L1 over every
    tap otherwise costs as much as a convolution.
    """
    return _MeanAbsoluteDifference.apply(a, b)


class _MeanAbsoluteDifference(Function):
    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        difference = a - b
        ctx.save_for_backward(difference)
        return difference.abs().mean()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, Tensor | None]:
        (difference,) = ctx.saved_tensors
        by_a = difference.sign().mul_(gradient / difference.numel())
        return (
            by_a if ctx.needs_input_grad[0] else None,
            by_a.neg() if ctx.needs_input_grad[1] else None,
        )
