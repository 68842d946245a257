"""What every network refuses, said in one way."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def check_scale(network: str, scale: int, allowed: Sequence[int] = (2, 3, 4)) -> int:
    """Return ``scale`` if the network can be built for it.

    Args:
        network: Name for the message.
        scale: Up-scaling factor asked for.
        allowed: Legal factors.

    Raises:
        ValueError: ``scale`` is not one of ``allowed``.
    """
    if isinstance(scale, bool) or not isinstance(scale, int) or scale not in allowed:
        legal = ", ".join(map(str, allowed))
        raise ValueError(f"{network} cannot be built with scale={scale!r}: choose one of {legal}")
    return scale


def find_scale(network: nn.Module) -> int | None:
    """Return the up-scaling factor a network of ours or of mmagic's keeps, under whatever name."""
    values = (getattr(network, name, None) for name in ("scale", "upscale_factor", "upscale"))
    return next((value for value in values if isinstance(value, int)), None)


def check_choice(network: str, name: str, value: str, legal: Sequence[str]) -> str:
    """Return ``value`` if it is one of the ``legal`` ones.

    Raises:
        ValueError: It is not; the message lists those that are.
    """
    if value not in legal:
        raise ValueError(f"{network}: {name}={value!r} is not offered; use {', '.join(legal)}")
    return value


def check_positive(network: str, **counts: int) -> None:
    """Refuse widths and depths below 1, e.g. ``check_positive("RLFN", channels=c, num_blocks=n)``.

    Raises:
        ValueError: Naming all of them with their values.
    """
    if min(counts.values()) < 1:
        needs = " and ".join(f"{name} >= 1" for name in counts)
        got = " and ".join(str(value) for value in counts.values())
        raise ValueError(f"{network} needs {needs}, got {got}")


def check_image_residual(network: str, in_channels: int, out_channels: int) -> None:
    """Refuse an input that cannot be added to the output because their channels differ.

    Raises:
        ValueError: They do.
    """
    check_positive(network, in_channels=in_channels, out_channels=out_channels)
    if in_channels != out_channels:
        raise ValueError(
            f"{network} adds its input to its output, "
            f"but they have {in_channels} and {out_channels} channels"
        )


def check_image(network: str, x: Tensor, channels: int, min_side: int = 1) -> None:
    """Refuse a batch the network cannot take. Called first in ``forward``; scriptable.

    Nothing is checked while tracing: the sizes are symbols then.

    Args:
        network: Name for the message.
        x: Batch of images (N, C, H, W).
        channels: What C has to be.
        min_side: The least H and W.

    Raises:
        ValueError: C differs (a luminance network fed RGB is told so), or a side is too short.
    """
    if torch.jit.is_tracing():
        return
    found = x.shape[1]
    if found != channels:
        if channels == 1:
            raise ValueError(
                f"{network} takes luminance (Y) images, 1 channel, and got {found}: "
                "wrap it in LumaOnly, which sends Y through it and the colour round it, "
                "or build it with in_channels=3, out_channels=3"
            )
        raise ValueError(f"{network} takes images of {channels} channels and got {found}")
    if min(x.shape[2], x.shape[3]) < min_side:
        raise ValueError(
            f"{network} needs images of at least {min_side}x{min_side} pixels and got "
            f"{x.shape[2]}x{x.shape[3]}: pad or tile less finely"
        )
