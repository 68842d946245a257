"""Adapters: bring a teacher's and a student's tensor to one shape.

An adapter config names the tensors it works ``on`` and, where it needs a target, those it makes
them ``like``; both may be globs, paired in order. Its results are called ``<adapter>.<tap>``. See
`Distiller`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.losses.shapes import check_channels
from mmsrkd.registry import MODELS


@MODELS.register_module()
class ChannelGroupMean(nn.Module):
    """Parameter-free R(Pool(.)) of Eq. 2, LGR-Net 2025: adaptive average over C, H and W.

    The paper says average pooling and channel reduction and lists no learnt parameters. Averaging
    groups of neighbouring channels cannot collapse as a freely learnt projection of the teacher
    would under an L1 target. Identity where the shapes already agree.
    """

    def forward(self, x: Tensor, like: Tensor) -> Tensor:
        """Pool ``x`` to the shape of ``like``.

        Args:
            x: (N, C, H, W).
            like: (N, C', H', W'), with C' <= C, H' <= H, W' <= W.

        Returns:
            (N, C', H', W').

        Raises:
            ValueError: If ``like`` is larger in any dimension: averaging cannot invent channels.
        """
        channels, height, width = like.shape[1:]
        target = (channels, height, width)
        if x.shape[1:] == target:
            return x
        if any(t > s for s, t in zip(x.shape[1:], target, strict=True)):
            raise ValueError(
                f"ChannelGroupMean cannot enlarge {tuple(x.shape[1:])} to {target}; put a "
                "Conv1x1 on "
                "the smaller side instead"
            )
        if x.shape[2:] == target[1:]:
            return _group_mean(x, channels, like)
        return F.adaptive_avg_pool3d(x.unsqueeze(1), target).squeeze(1)


def _group_mean(x: Tensor, channels: int, like: Tensor) -> Tensor:
    """Mean over groups of channels, which may overlap (48 to 32), as a product.

    Several times as fast on a CPU as pooling. It comes in the layout of ``like``, whatever that of
    ``x``: a difference of two layouts costs more than the product.
    """
    one = torch.eye(x.shape[1], device=x.device, dtype=x.dtype)
    shares = F.adaptive_avg_pool1d(one, channels).expand(len(x), -1, -1)
    pixels = x.flatten(2)
    if like.is_contiguous(memory_format=torch.channels_last):
        mean = torch.bmm(pixels.transpose(1, 2), shares).transpose(1, 2)
    else:
        mean = torch.bmm(shares.transpose(1, 2), pixels)
    return mean.unflatten(2, x.shape[2:])


@MODELS.register_module()
class Conv1x1(nn.Module):
    """Learnt 1x1 convolution, on the student's side as in FitNets; thrown away after training.

    Args:
        in_channels: Channels of the tensor it works on.
        out_channels: Channels of the other side.
        bias: Whether to add one.
    """

    def __init__(self, in_channels: int, out_channels: int, bias: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 1, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, in_channels, H, W) to (N, out_channels, H, W)."""
        check_channels(x, self.conv.in_channels, "Conv1x1")
        return self.conv(x)


@MODELS.register_module()
class OrthogonalProjection(nn.Module):
    """1x1 projection with orthonormal rows, for the teacher's side: it cannot shrink to zero.

    Args:
        in_channels: Channels of the tensor it works on.
        out_channels: Fewer or as many.
        learnt: Train it along (orthonormal rows are kept by parametrisation) or leave it random and
            fixed.
    """

    def __init__(self, in_channels: int, out_channels: int, learnt: bool = False) -> None:
        super().__init__()
        if out_channels > in_channels:
            raise ValueError(
                f"OrthogonalProjection: {out_channels} orthonormal rows do not fit into "
                f"{in_channels} "
                "channels; project the other side"
            )
        self.in_channels = in_channels
        linear = nn.Linear(in_channels, out_channels, bias=False)
        self.projection = nn.utils.parametrizations.orthogonal(linear)
        if not learnt:
            self.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, in_channels, H, W) to (N, out_channels, H, W)."""
        check_channels(x, self.in_channels, "OrthogonalProjection")
        return torch.einsum("oc,nchw->nohw", self.projection.weight, x)
