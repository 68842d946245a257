from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor


def pad_to_multiple(x: Tensor, multiple: int) -> Tensor:
    """Reflect (N, C, H, W) at the right and the bottom until both sides are multiples.

    Reflection needs a side longer than what is added, so H and W of at least
    ``multiple // 2 + 1`` always serve.
    """
    height, width = x.shape[2], x.shape[3]
    bottom = (multiple - height % multiple) % multiple
    right = (multiple - width % multiple) % multiple
    return F.pad(x, (0, right, 0, bottom), mode="reflect")
