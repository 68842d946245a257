from __future__ import annotations

from torch import nn


def pixel_shuffle_head(
    in_channels: int, out_channels: int, scale: int, *, kernel_size: int = 3, bias: bool = True
) -> nn.Sequential:
    """One convolution to ``out_channels * scale**2`` channels and one pixel shuffle.

    (N, in_channels, H, W) -> (N, out_channels, rH, rW). State keys ``0.weight`` and ``0.bias``.
    """
    conv = nn.Conv2d(
        in_channels,
        out_channels * scale**2,
        kernel_size,
        padding=kernel_size // 2,
        bias=bias,
    )
    return nn.Sequential(conv, nn.PixelShuffle(scale))


def stepwise_upsampler(channels: int, scale: int, *, relu: bool = False) -> nn.Sequential:
    """Up-sampler of EDSR: steps of 2 for x2 and x4, one of 3 for x3; the width stays.

    Args:
        channels: Width of input and output.
        scale: 2, 3 or 4.
        relu: ReLU between each convolution and its shuffle, as in HGSRCNN.
    """
    steps = [3] if scale == 3 else [2] * (scale // 2)
    layers: list[nn.Module] = []
    for step in steps:
        layers.append(nn.Conv2d(channels, channels * step**2, 3, padding=1))
        if relu:
            layers.append(nn.ReLU())
        layers.append(nn.PixelShuffle(step))
    return nn.Sequential(*layers)
