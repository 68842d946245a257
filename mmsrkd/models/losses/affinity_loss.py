from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from mmsrkd.registry import MODELS

from .taps import pair_taps
from .unit_channels import unit_channels

POOLS = ("none", "max", "avg")


@MODELS.register_module()
class SpatialAffinityLoss(nn.Module):
    """L1 between the spatial affinities of feature maps, summed over the taps (FAKD, ICIP 2020).

    The affinity (Eq. 1, `spatial_affinity`) is free of channels, so widths may differ and no
    adapter is needed. The L1 is the mean over N, HW, HW (Eq. 2); the sum over taps is that of the
    published code.

    Note:
        Memory grows with the square of the area, time too: one sample at a time is held, which is
        two maps of HW x HW floats (48x48: 21 MB each), never of a whole batch. For patches beyond
        about 64x64, pool.

    Args:
        tap_weights: One factor per tap; None for 1 each.
        pool: ``max`` or ``avg`` pooling in front of the affinity (PSA in FAKD's code), or ``none``.
        kernel: Side and stride of the pooling.

    Raises:
        ValueError: For a pooling that is not offered.
    """

    def __init__(
        self, tap_weights: Sequence[float] | None = None, pool: str = "none", kernel: int = 2
    ) -> None:
        super().__init__()
        if pool not in POOLS:
            raise ValueError(f"pool={pool!r} is unknown; choose one of {', '.join(POOLS)}")
        if kernel < 1:
            raise ValueError(f"kernel must be 1 or more, got {kernel}")
        self.tap_weights, self.pool, self.kernel = tap_weights, pool, kernel

    def forward(self, student: list[Tensor], teacher: list[Tensor]) -> Tensor:
        """Compare the affinities of the student's maps with those of the teacher's.

        Args:
            student: Feature maps, each (N, C, H, W); a single tensor is one tap.
            teacher: As many, each with the N, H, W of its partner.

        Returns:
            Scalar.
        """
        pairs = pair_taps(
            student, teacher, self.tap_weights, "SpatialAffinityLoss", same_channels=False
        )
        terms = [
            pair.weight * affinity_l1(self._columns(pair.student), self._columns(pair.teacher))
            for pair in pairs
        ]
        return torch.stack(terms).sum()

    def _columns(self, x: Tensor) -> Tensor:
        """Unit columns (N, C, HW) of the perhaps pooled map."""
        if self.pool == "max":
            x = F.max_pool2d(x, self.kernel)
        elif self.pool == "avg":
            x = F.avg_pool2d(x, self.kernel)
        return unit_channels(x).flatten(2)


def affinity_l1(a: Tensor, b: Tensor) -> Tensor:
    """Mean of ``|a'a - b'b|``, sample by sample; a is (N, C, P), b (N, C', P)."""
    return _AffinityL1.apply(a, b)


class _AffinityL1(torch.autograd.Function):
    """Gradients are made in the forward pass, so that no affinity outlives its sample.

    With S the sign of the difference, which is symmetric, the gradient by ``a`` is ``2 a S``: one
    product instead of the two that autograd would make.
    """

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        needed = ctx.needs_input_grad
        grads = [
            torch.empty_like(x) if need else None for x, need in zip((a, b), needed, strict=True)
        ]
        total = a.new_zeros(())
        for index, (ours, theirs) in enumerate(zip(a, b, strict=True)):
            difference = ours.T @ ours - theirs.T @ theirs
            total += torch.linalg.vector_norm(difference, 1)
            sign = difference.sign_()
            for grad, columns, factor in zip(grads, (ours, theirs), (2, -2), strict=True):
                if grad is not None:
                    grad[index] = factor * (columns @ sign)
        ctx.count = a.shape[0] * a.shape[2] ** 2
        ctx.save_for_backward(*grads)
        return total / ctx.count

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        factor = gradient / ctx.count
        return tuple(None if grad is None else grad * factor for grad in ctx.saved_tensors)
