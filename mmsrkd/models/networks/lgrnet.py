from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import pixel_shuffle_head
from mmsrkd.models.networks.checks import check_choice, check_image, check_positive, check_scale
from mmsrkd.registry import MODELS

ACTIVATIONS = ("lrelu", "prelu", "silu")
ATTENTIONS = ("sigmoid", "hardsigmoid", "none")
GLOBAL_RESIDUALS = ("add", "concat", "image", "none")


class Preset(NamedTuple):
    """Width and depth of one size of the network."""

    channels: int
    num_blocks: int


PRESETS = {
    "T": Preset(24, 4),
    "S": Preset(32, 4),
    "base": Preset(32, 6),
    "L": Preset(48, 6),
}


def build_activation(name: str, channels: int, negative_slope: float) -> nn.Module:
    """Build one activation, never in place, so that taps and quantisers see what they name."""
    if name == "lrelu":
        return nn.LeakyReLU(negative_slope)
    if name == "prelu":
        return nn.PReLU(channels, init=negative_slope)
    return nn.SiLU()


class PixelAttention(nn.Module):
    """Parameter-free gate in [-0.5, 0.5], point-symmetric about zero.

    Args:
        kind: ``sigmoid`` (``sigmoid(h) - 0.5``) or ``hardsigmoid`` (``clamp(h / 6, -0.5, 0.5)``).
    """

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, h: Tensor) -> Tensor:
        """Return the gate for features (N, C, H, W), same shape."""
        gate = torch.sigmoid(h) if self.kind == "sigmoid" else F.hardsigmoid(h)
        return gate - 0.5


class LocalBlock(nn.Module):
    """Three 3x3 convolutions, a local residual and pixel attention.

    ``h3 = c3(act(c2(act(c1(x)))))``, ``u = h3 + x`` (or ``h3`` without the local residual),
    ``out = u * attention(h3)``, or ``act(u)`` without attention.
    """

    def __init__(
        self,
        channels: int,
        activation: str,
        negative_slope: float,
        attention: str,
        local_residual: bool,
    ) -> None:
        super().__init__()
        self.local_residual = local_residual
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.act1 = build_activation(activation, channels, negative_slope)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.act2 = build_activation(activation, channels, negative_slope)
        self.conv3 = nn.Conv2d(channels, channels, 3, padding=1)
        self.attention: nn.Module | None = None
        self.act3: nn.Module | None = None
        if attention == "none":
            self.act3 = build_activation(activation, channels, negative_slope)
        else:
            self.attention = PixelAttention(attention)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W)."""
        h = self.conv3(self.act2(self.conv2(self.act1(self.conv1(x)))))
        u = h + x if self.local_residual else h
        if self.attention is not None:
            return u * self.attention(h)
        assert self.act3 is not None
        return self.act3(u)


@MODELS.register_module()
class LGRNet(nn.Module):
    """Student network of "LGR-Net" (2025): local and global residuals, LeakyReLU throughout.

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W.

    The paper publishes neither width, depth, slope, attention function nor the form of the global
    residual; the defaults here are a reconstruction and every open point is an argument. Parameters
    at x2: T 70,980, S 124,588, base 180,076, L 401,436.

    Tap points are plain module outputs: ``body.{i}`` (the i-th local feature, from 0) and the
    global feature as the *input* of ``upsampler``. No operation works in place.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width; the preset's when not given.
        num_blocks: Number of local blocks; the preset's when not given.
        scale: 2, 3 or 4.
        preset: ``T`` (24 channels, 4 blocks), ``S`` (32, 4), ``base`` (32, 6) or ``L`` (48, 6).
        activation: ``lrelu``, ``prelu`` (one slope a channel) or ``silu`` (Table 1's switches).
        negative_slope: Slope of LeakyReLU, start value of PReLU.
        local_residual: Add a block's input before the attention (Table 2).
        global_residual: ``add`` the head's features to the tail's; ``concat`` them and reduce by a
            1x1 convolution; add the nearest-up-sampled input ``image`` to the output; or ``none``
            (Table 2).
        attention: ``sigmoid``, ``hardsigmoid`` (cheap in INT8) or ``none``.
        mean: Per-channel value taken off the input and added back to the output; ``None`` for 0.
        img_range: The network works on ``(x - mean) * img_range``; undone at the end.

    Raises:
        ValueError: An argument has a value that is not offered; the message lists those that are.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int | None = None,
        num_blocks: int | None = None,
        scale: int = 2,
        preset: str = "base",
        activation: str = "lrelu",
        negative_slope: float = 0.1,
        local_residual: bool = True,
        global_residual: str = "add",
        attention: str = "sigmoid",
        mean: Sequence[float] | None = None,
        img_range: float = 1.0,
    ) -> None:
        super().__init__()
        self.scale = check_scale("LGRNet", scale)
        check_choice("LGRNet", "preset", preset, tuple(PRESETS))
        check_choice("LGRNet", "activation", activation, ACTIVATIONS)
        check_choice("LGRNet", "attention", attention, ATTENTIONS)
        check_choice("LGRNet", "global_residual", global_residual, GLOBAL_RESIDUALS)
        channels = PRESETS[preset].channels if channels is None else channels
        num_blocks = PRESETS[preset].num_blocks if num_blocks is None else num_blocks
        check_positive("LGRNet", channels=channels, num_blocks=num_blocks)
        _check_image_channels(in_channels, out_channels, mean, global_residual)
        self.in_channels = in_channels
        self.channels = channels
        self.num_blocks = num_blocks
        self.global_residual = global_residual
        self.img_range = float(img_range)
        self.mean: Tensor | None
        buffer = None if mean is None else torch.tensor(mean).view(1, -1, 1, 1)
        self.register_buffer("mean", buffer, persistent=False)

        def conv_act(inputs: int) -> nn.Sequential:
            return nn.Sequential(
                nn.Conv2d(inputs, channels, 3, padding=1),
                build_activation(activation, channels, negative_slope),
            )

        self.head = conv_act(in_channels)
        self.body = nn.Sequential(
            *(
                LocalBlock(channels, activation, negative_slope, attention, local_residual)
                for _ in range(num_blocks)
            )
        )
        self.tail = conv_act(channels)
        self.fuse = nn.Conv2d(channels * 2, channels, 1) if global_residual == "concat" else None
        self.upsampler = pixel_shuffle_head(channels, out_channels, scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("LGRNet", x, self.in_channels)
        image = self._enter(x)
        shallow = self.head(image)
        deep = self.tail(self.body(shallow))
        out = self.upsampler(self._join(shallow, deep))
        if self.global_residual == "image":
            out = out + F.interpolate(image, scale_factor=float(self.scale), mode="nearest")
        return self._leave(out)

    def _enter(self, x: Tensor) -> Tensor:
        if self.mean is not None:
            x = x - self.mean
        return x if self.img_range == 1.0 else x * self.img_range

    def _leave(self, out: Tensor) -> Tensor:
        if self.img_range != 1.0:
            out = out / self.img_range
        return out if self.mean is None else out + self.mean

    def _join(self, shallow: Tensor, deep: Tensor) -> Tensor:
        if self.global_residual == "add":
            return deep + shallow
        if self.fuse is not None:
            return self.fuse(torch.cat([deep, shallow], dim=1))
        return deep


def _check_image_channels(
    inputs: int, outputs: int, mean: Sequence[float] | None, global_residual: str
) -> None:
    if mean is not None and not len(mean) == inputs == outputs:
        raise ValueError(
            f"LGRNet: mean has {len(mean)} values for {inputs} input and {outputs} output channels"
        )
    if global_residual == "image" and inputs != outputs:
        raise ValueError(
            f"LGRNet: global_residual='image' adds the input to the output, "
            f"but they have {inputs} and {outputs} channels"
        )
