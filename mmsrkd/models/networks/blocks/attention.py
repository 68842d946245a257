from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ESA(nn.Module):
    """Enhanced spatial attention (RFANet, CVPR 2020; RFDN; shortened in RLFN).

    A gate from a strongly reduced copy of the features: 3x3 convolution of stride 2 without
    padding, 7x7 max-pooling of stride 3, one convolution (RLFN) or three (RFDN) there, bilinear
    back to full size, plus a 1x1 skip. State keys are those of the official code.

    Args:
        channels: Channels of input and output.
        esa_channels: Channels inside.
        deep: Three convolutions with ReLU on the reduced map, as in RFDN, instead of one without.
    """

    #: Shortest side that survives the stride and the pooling.
    MIN_SIDE = 15

    def __init__(self, channels: int, esa_channels: int, *, deep: bool = False) -> None:
        super().__init__()
        f = esa_channels
        self.conv1 = nn.Conv2d(channels, f, 1)
        self.conv_f = nn.Conv2d(f, f, 1)
        self.conv2 = nn.Conv2d(f, f, 3, stride=2)
        self.pool = nn.MaxPool2d(7, stride=3)
        self.conv_max = nn.Conv2d(f, f, 3, padding=1) if deep else None
        self.conv3 = nn.Conv2d(f, f, 3, padding=1)
        self.conv3_ = nn.Conv2d(f, f, 3, padding=1) if deep else None
        self.conv4 = nn.Conv2d(f, channels, 1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """Gate (N, C, H, W) features; H and W of at least ``MIN_SIDE``."""
        narrow = self.conv1(x)
        context = self.pool(self.conv2(narrow))
        if self.conv_max is not None:
            context = self.relu(self.conv3(self.relu(self.conv_max(context))))
        else:
            context = self.conv3(context)
        if self.conv3_ is not None:
            context = self.conv3_(context)
        size = (x.shape[2], x.shape[3])
        context = F.interpolate(context, size=size, mode="bilinear", align_corners=False)
        return x * torch.sigmoid(self.conv4(context + self.conv_f(narrow)))


class ChannelAttention(nn.Module):
    """Squeeze and excitation over channels (RCAN), on request of contrast too (IMDN).

    Args:
        channels: Channels of input and output.
        reduction: Division of the channels in between.
        contrast: Squeeze by standard deviation (population) plus mean instead of the mean.
    """

    def __init__(self, channels: int, reduction: int = 16, *, contrast: bool = False) -> None:
        super().__init__()
        self.contrast = contrast
        self.conv_du = nn.Sequential(
            nn.Conv2d(channels, channels // reduction, 1),
            nn.ReLU(),
            nn.Conv2d(channels // reduction, channels, 1),
            nn.Sigmoid(),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Gate (N, C, H, W) features."""
        squeezed = x.mean((2, 3), keepdim=True)
        if self.contrast:
            variance = (x - squeezed).square().mean((2, 3), keepdim=True)
            # Flat features have no slope at the root of zero.
            squeezed = squeezed + variance.clamp_min(1e-12).sqrt()
        return x * self.conv_du(squeezed)
