from __future__ import annotations

from collections.abc import Mapping, MutableMapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import repeat_channels
from mmsrkd.models.networks.checks import (
    check_choice,
    check_image,
    check_image_residual,
    check_positive,
    check_scale,
)
from mmsrkd.models.networks.reparam import ReparamBlock
from mmsrkd.registry import MODELS

ACTIVATIONS = ("prelu", "relu", "softplus")

# Sobel in x, Sobel in y, Laplacian: fixed, so no parameters here (in the authors' code they are
# frozen ones and in the state dict).
MASKS = {
    "conv1x1_sbx": ((1.0, 0.0, -1.0), (2.0, 0.0, -2.0), (1.0, 0.0, -1.0)),
    "conv1x1_sby": ((1.0, 2.0, 1.0), (0.0, 0.0, 0.0), (-1.0, -2.0, -1.0)),
    "conv1x1_lpl": ((0.0, 1.0, 0.0), (1.0, -4.0, 1.0), (0.0, 1.0, 0.0)),
}


class ExpandSqueeze(nn.Module):
    """Parameters of 1x1 to ``2 * out_channels`` and 3x3 to ``out_channels``.

    ``k0``, ``b0`` and ``k1``, ``b1`` are their kernels and biases, named as in the official code.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        first = nn.Conv2d(in_channels, 2 * out_channels, 1)
        second = nn.Conv2d(2 * out_channels, out_channels, 3)
        self.k0, self.b0 = first.weight, first.bias
        self.k1, self.b1 = second.weight, second.bias


class EdgeFilter(nn.Module):
    """Parameters of 1x1 and of a fixed 3x3 edge filter with a learned factor and bias a channel."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        first = nn.Conv2d(in_channels, out_channels, 1)
        self.k0, self.b0 = first.weight, first.bias
        self.scale = nn.Parameter(1e-3 * torch.randn(out_channels, 1, 1, 1))
        self.bias = nn.Parameter(1e-3 * torch.randn(out_channels))


class ECB(ReparamBlock):
    """Edge-oriented convolution block, then the activation (ECBSR, ACM MM 2021).

    A 3x3 convolution trained beside 1x1 - 3x3 and three 1x1 - edge filter branches, all added.
    State keys are the official ones but for the fixed ``mask``, which is accepted and dropped.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        activation: What follows, which survives the merge; nothing by default.
        with_identity: Also add the input, where the widths agree.
        deploy: Build the merged form.
    """

    BRANCHES = ("conv3x3", "conv1x1_3x3", *MASKS)

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        activation: nn.Module | None = None,
        *,
        with_identity: bool = False,
        deploy: bool = False,
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.with_identity = with_identity and in_channels == out_channels
        self.deploy = deploy
        self.act = nn.Identity() if activation is None else activation
        if deploy:
            self.eval_conv = self.build_conv()
            return
        self.conv3x3 = self.build_conv()
        self.conv1x1_3x3 = ExpandSqueeze(in_channels, out_channels)
        for name in MASKS:
            self.add_module(name, EdgeFilter(in_channels, out_channels))

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H, W)."""
        return self.act(self.convolve(x))

    def build_conv(self) -> nn.Conv2d:
        """Return a new 3x3 convolution."""
        return nn.Conv2d(self.in_channels, self.out_channels, 3, padding=1)

    def merge(self, state: Mapping[str, Tensor], prefix: str) -> tuple[Tensor, Tensor]:
        """Return the kernel (O, I, 3, 3) and bias (O,) that equal the branches.

        The original pads the middle with b0, which is what zeros round the input become after the
        1x1: only then is the merge exact at the border.
        """

        def get(name: str) -> Tensor:
            return state[prefix + name]

        k0, b0 = get("conv1x1_3x3.k0")[:, :, 0, 0], get("conv1x1_3x3.b0")
        k1 = get("conv1x1_3x3.k1")
        weight = get("conv3x3.weight") + torch.einsum("ophw,pi->oihw", k1, k0)
        bias = get("conv3x3.bias") + k1.sum((2, 3)) @ b0 + get("conv1x1_3x3.b1")
        for name, mask in MASKS.items():
            edge = get(f"{name}.scale") * torch.tensor(mask, dtype=k0.dtype, device=k0.device)
            weight = weight + edge * get(f"{name}.k0")
            bias = bias + edge.sum((1, 2, 3)) * get(f"{name}.b0") + get(f"{name}.bias")
        if self.with_identity:
            identity = torch.eye(self.out_channels, dtype=k0.dtype, device=k0.device)
            weight = weight + F.pad(identity[:, :, None, None], (1, 1, 1, 1))
        return weight, bias

    def adapt_state(self, state: MutableMapping[str, Tensor], prefix: str) -> None:
        """Drop the fixed masks of an official state, then as every block does."""
        for name in MASKS:
            state.pop(f"{prefix}{name}.mask", None)
        super().adapt_state(state, prefix)

    def published_extra_parameters(self) -> int:
        """Size of the masks, which the authors keep as frozen parameters, one for each channel."""
        return 0 if self.deploy else len(MASKS) * 9 * self.out_channels


@MODELS.register_module()
class ECBSR(nn.Module):
    """Edge-oriented convolution block network for mobile devices (ACM MM 2021).

    RGB [0, 1] in and out, or luminance alone as published (one channel), (N, C, H, W) ->
    (N, C, rH, rW), any H and W. Merged, it is plain 3x3 convolutions and activations, with the
    image added before the pixel shuffle.

    State keys are the official ones. The official residual is the input broadcast over all
    channels, which works for one image channel only; for RGB each colour is repeated ``scale**2``
    times, which is the same for one channel and nearest-neighbour up-scaling for three. ``eval()``
    does not merge (the official code does so at every call); ``switch_to_deploy`` does, once.

    Published sizes (blocks, channels): M4C8, M4C16, M10C32, M16C64. Tap points: ``backbone.{i}``;
    the features before up-sampling are the *input* of the last of them.

    Args:
        in_channels: Image channels of the input: 3, or 1 for luminance.
        out_channels: Image channels of the output, the same number.
        channels: Feature width.
        num_blocks: Number of blocks between the first and the last.
        scale: 2, 3 or 4.
        activation: ``prelu`` (one slope a channel), ``relu`` or ``softplus``.
        with_identity: Blocks of equal width also add their input; not so as published.
        deploy: Build every block as one 3x3 convolution.

    Raises:
        ValueError: An argument has a value that is not offered, or the two numbers of image
            channels differ.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 16,
        num_blocks: int = 4,
        scale: int = 2,
        activation: str = "prelu",
        with_identity: bool = False,
        deploy: bool = False,
    ) -> None:
        super().__init__()
        self.scale = check_scale("ECBSR", scale)
        check_choice("ECBSR", "activation", activation, ACTIVATIONS)
        check_positive("ECBSR", channels=channels, num_blocks=num_blocks)
        check_image_residual("ECBSR", in_channels, out_channels)
        self.in_channels = in_channels

        def act() -> nn.Module:
            if activation == "prelu":
                return nn.PReLU(channels)
            return nn.ReLU() if activation == "relu" else nn.Softplus()

        def block(inputs: int, outputs: int, activation: nn.Module | None) -> ECB:
            return ECB(inputs, outputs, activation, with_identity=with_identity, deploy=deploy)

        self.backbone = nn.Sequential(
            block(in_channels, channels, act()),
            *(block(channels, channels, act()) for _ in range(num_blocks)),
            block(channels, out_channels * scale**2, None),
        )
        self.upsampler = nn.PixelShuffle(scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("ECBSR", x, self.in_channels)
        return self.upsampler(self.backbone(x) + repeat_channels(x, self.scale * self.scale))
