from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def divided_max_pool(x: Tensor, divisor: int) -> Tensor:
    """Adaptive max-pooling (N, C, H, W) to (N, C, H // divisor, W // divisor).

    ``F.adaptive_max_pool2d``, which ONNX has no operator for unless the sides are known and
    divide. While tracing, the same bins are gathered by index instead, so that the exported graph
    gives the same for every size.
    """
    height, width = x.shape[2], x.shape[3]
    if not torch.jit.is_tracing():
        return F.adaptive_max_pool2d(x, [height // divisor, width // divisor])
    rows = _bins(x, height, divisor)
    columns = _bins(x, width, divisor)
    return x[:, :, rows].amax(3)[:, :, :, columns].amax(4)


def _bins(x: Tensor, size: int, divisor: int) -> Tensor:
    """Indices of each bin's members along one side, (bins, longest), the last one repeated.

    A bin goes from ``floor(i * size / bins)`` to ``ceil((i + 1) * size / bins)``; none is longer
    than ``2 * divisor - 1``.
    """
    bins = size // divisor
    first = torch.arange(bins, device=x.device)
    start = torch.div(first * size, bins, rounding_mode="floor")
    end = torch.div((first + 1) * size + bins - 1, bins, rounding_mode="floor")
    members = start[:, None] + torch.arange(2 * divisor - 1, device=x.device)
    return torch.minimum(members, end[:, None] - 1)


def enlarge_nearest(x: Tensor, size: tuple[int, int]) -> Tensor:
    """Nearest neighbour (N, C, h, w) to (N, C, H, W), not by whole factors.

    ``F.interpolate``, except while tracing: it and ONNX Runtime round differently, so that one
    size in fifty (114 from 28, say) takes a row from its neighbour. PyTorch's indices go into the
    graph instead.
    """
    if not torch.jit.is_tracing():
        return F.interpolate(x, size=size, mode="nearest")
    rows = _sources(x, x.shape[2], size[0])
    columns = _sources(x, x.shape[3], size[1])
    return x[:, :, rows][:, :, :, columns]


def _sources(x: Tensor, small: int, large: int) -> Tensor:
    """Index of the source of each of ``large`` places, in float32 as PyTorch's kernels do."""
    places = torch.arange(large, device=x.device).float()
    return torch.floor(places * (small / large)).long().clamp(max=small - 1)
