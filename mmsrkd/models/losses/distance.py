from __future__ import annotations

import torch
from torch import Tensor


def mean_absolute_difference(a: Tensor, b: Tensor) -> Tensor:
    """Mean of ``|a - b|`` over all elements: L1 as a norm.

    The same number as ``(a - b).abs().mean()`` in half the passes over memory, forth and back.
    """
    difference = a - b
    return torch.linalg.vector_norm(difference, 1) / difference.numel()
