from __future__ import annotations

import math

from torch import nn


def init_fan_out(conv: nn.Conv2d, *, gain: float = 2.0, bias: float = 0.0) -> None:
    """Draw a kernel from N(0, gain / (C_out k k)) and set the bias, as the early networks do.

    C_out is that of the whole convolution, grouped or not.

    Args:
        conv: Convolution, changed in place.
        gain: 2 for ReLU (He et al., ICCV 2015).
        bias: Value of every bias, if the convolution has one.
    """
    fan_out = conv.weight.shape[0] * conv.weight.shape[2] * conv.weight.shape[3]
    init_normal(conv, math.sqrt(gain / fan_out), bias=bias)


def init_normal(conv: nn.Conv2d | nn.ConvTranspose2d, std: float, *, bias: float = 0.0) -> None:
    """Draw a kernel from N(0, std^2) and set the bias, if there is one."""
    nn.init.normal_(conv.weight, 0.0, std)
    if conv.bias is not None:
        nn.init.constant_(conv.bias, bias)
