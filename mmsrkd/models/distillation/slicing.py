"""A narrow network inside a wide one: the first channels of every layer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .names import near


def width_slices(wide: nn.Module, narrow: nn.Module) -> dict[str, Tensor]:
    """Return the parameters of ``narrow`` as slices of those of ``wide``, gradients included.

    Works for any family whose narrow and wide networks have the same layers. A convolution before
    a pixel shuffle is right too: its first r^2 k outputs become the first k channels.

    Args:
        wide: Whose weights are used.
        narrow: Whose names and shapes are wanted.

    Raises:
        ValueError: If a parameter is missing in ``wide`` or is larger in ``narrow``.
    """
    whole = dict(wide.named_parameters())
    slices = {}
    for name, parameter in narrow.named_parameters():
        if name not in whole:
            raise ValueError(
                f"the wide network has no parameter {name!r}{near(name, whole)}; both networks "
                "need the same layers, so change the number of channels only"
            )
        source, shape = whole[name], parameter.shape
        if source.ndim != len(shape) or any(
            a < b for a, b in zip(source.shape, shape, strict=True)
        ):
            raise ValueError(
                f"{name} is {tuple(source.shape)} in the wide network and {tuple(shape)} in the "
                "narrow one; the narrow one has to be a part of it"
            )
        slices[name] = source[tuple(slice(size) for size in shape)]
    return slices


@torch.no_grad()
def copy_slices(wide: nn.Module, narrow: nn.Module) -> None:
    """Write the slices of ``wide`` into the parameters of ``narrow``."""
    slices = width_slices(wide, narrow)
    for name, parameter in narrow.named_parameters():
        parameter.copy_(slices[name])
