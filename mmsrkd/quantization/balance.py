"""Evening out the channels that enter a convolution, so that one scale suits all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from .grid import Grid
from .observers import Average

#: A channel that is 0 everywhere keeps a scale.
SMALLEST = 1e-5


class Balance(nn.Module):
    """A factor for each input channel of a convolution: divides the input, multiplies the weight.

    The product stays the same, but a channel a hundred times as large as the rest no longer takes
    their integers from them. The factors are ``sqrt(max |x| / max |w|)`` by channel (Eq. 4,
    SmoothQuant, Xiao et al., 2023, with alpha 1/2: 3/4 and 1 cost SPAN 0.2 to 0.3 dB more). They
    are taken once, from the mean peaks of all inputs seen until then: one batch is too few, and the
    largest peak of all is some exception's (it cost SPAN 0.36 dB).

    Args:
        channels: Input channels of the convolution.
    """

    factor: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("factor", torch.ones(channels))
        self.observer = Average(Grid(signed=True, channel_axis=1), channels)
        self.observing = False
        #: Whether the factors are in the weight already.
        self.in_weight = False

    @property
    def taken(self) -> bool:
        """Whether the factors are known."""
        return bool((self.factor != 1).any())

    @torch.no_grad()
    def take(self, weight: Tensor) -> None:
        """Fix the factors for a weight (O, C, h, w); nothing happens the second time."""
        if self.taken or not self.observer.seen:
            return
        peaks = torch.maximum(-self.observer.low, self.observer.high)
        inputs = peaks.clamp(min=SMALLEST)
        weights = weight.detach().float().abs().amax((0, 2, 3)).clamp(min=SMALLEST)
        factor = (inputs / weights).sqrt()
        self.factor.copy_(factor / factor.log().mean().exp())

    def forward(self, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """Return input and weight of the same convolution, balanced."""
        if self.observing:
            self.observer.update(x.detach().float())
        balanced = x * (1 / self.factor).view(1, -1, 1, 1)
        return balanced, weight if self.in_weight else self.into(weight)

    def into(self, weight: Tensor) -> Tensor:
        """Return the weight with the factors in it."""
        return weight * self.factor.view(1, -1, 1, 1)

    def out_of(self, weight: Tensor) -> Tensor:
        """Return the weight that `into` makes this one of."""
        return weight / self.factor.view(1, -1, 1, 1)

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *args: Any) -> None:
        """Published networks have the factors alone."""
        for name, value in self.observer.state_dict(prefix=f"{prefix}observer.").items():
            state_dict.setdefault(name, value)
        super()._load_from_state_dict(state_dict, prefix, *args)


@torch.no_grad()
def uneven_convolutions(
    network: nn.Module, images: Iterable[Tensor], ratio: float = 16.0
) -> list[str]:
    """Find convolutions that want a `Balance`.

    Args:
        network: Float, in the form that is to be quantised, in evaluation mode.
        images: Inputs (N, C, H, W) in [0, 1].
        ratio: How many times the median the largest of the channels' largest values has to be.

    Returns:
        Paths of plain ungrouped convolutions, in the order of the network.
    """
    peaks: dict[str, Tensor] = {}

    def watch(path: str, x: Tensor) -> None:
        peak = x.abs().amax((0, 2, 3))
        peaks[path] = torch.maximum(peaks[path], peak) if path in peaks else peak

    layers = {p: m for p, m in network.named_modules() if isinstance(m, nn.Conv2d)}
    handles = [
        layer.register_forward_pre_hook(lambda _, args, path=path: watch(path, args[0]))
        for path, layer in layers.items()
        if layer.groups == 1
    ]
    for image in images:
        network(image.to(next(network.parameters()).device))
    for handle in handles:
        handle.remove()
    return [path for path in layers if path in peaks and _is_uneven(peaks[path], ratio)]


def _is_uneven(peaks: Tensor, ratio: float) -> bool:
    return bool(peaks.max() > ratio * peaks.median().clamp(min=SMALLEST))
