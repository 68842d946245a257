"""A layer that changes nothing but the sign of the gradient (DANN, Ganin et al., JMLR 2016)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["GradientReversal", "reverse_gradient"]


class _Reverse(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: Tensor) -> Tensor:
        ctx.save_for_backward(strength)
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None]:
        (strength,) = ctx.saved_tensors
        return -strength.to(grads[0].dtype) * grads[0], None


def reverse_gradient(x: Tensor, strength: Tensor | float) -> Tensor:
    """Return ``x``; the gradient that comes back through it is multiplied by ``-strength``.

    Args:
        x: Any shape and type; the gradient keeps the type.
        strength: DANN's lambda, a number or a tensor without dimensions.
    """
    if not isinstance(strength, Tensor):
        strength = torch.tensor(float(strength), device=x.device)
    return _Reverse.apply(x, strength)


class GradientReversal(nn.Module):
    """`reverse_gradient` with a strength that a hook sets (`GradientReversalHook`).

    The strength is a buffer without dimensions, so that a compiled model is not compiled again for
    every value; it is in no checkpoint, since it follows from the iteration.
    """

    def __init__(self) -> None:
        super().__init__()
        self.strength: Tensor
        self.register_buffer("strength", torch.tensor(float("nan")), persistent=False)
        self.is_set = False

    def set(self, strength: float) -> None:
        """Set lambda.

        Raises:
            ValueError: If it is negative, which would make the features easier to tell apart.
        """
        if not strength >= 0:
            raise ValueError(
                f"the strength of gradient reversal must be at least 0, got {strength}"
            )
        self.strength.fill_(strength)
        self.is_set = True

    def forward(self, x: Tensor) -> Tensor:
        """Pass ``x`` on.

        Raises:
            RuntimeError: If nothing has set the strength.
        """
        if not self.is_set:
            raise RuntimeError(
                "nothing sets the strength of gradient reversal (lambda); add "
                "dict(type='GradientReversalHook') to custom_hooks"
            )
        return reverse_gradient(x, self.strength)
