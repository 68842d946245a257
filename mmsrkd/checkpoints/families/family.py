from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.errors import UnknownArchitectureError

State = Mapping[str, Tensor]
Hints = Mapping[str, Any]


@dataclass
class Converted:
    """Foreign weights in our keys.

    Attributes:
        network_cfg: What ``MODELS.build`` takes (has ``type``).
        state_dict: Bare keys of that network.
        info: What is known about the origin: ``family``, ``form``, ``source``, ``sha256``.
    """

    network_cfg: dict[str, Any]
    state_dict: dict[str, Tensor]
    info: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """How one family of networks is recognised and converted.

    Attributes:
        name: For messages.
        detect: Whether a bare state dict belongs to the family.
        convert: Makes our form of it. The second argument carries what the weights cannot tell
            and the container could, such as ``mean`` and ``img_range``.
    """

    name: str
    detect: Callable[[State], bool]
    convert: Callable[[State, Hints], Converted]


def scale_from_upsampler(state: State, key: str, out_channels: int = 3) -> int:
    """Deduce the scale from the last convolution before a pixel shuffle.

    Args:
        state: Bare state dict.
        key: Name of the convolution's weight, (3 r^2, C, k, k).
        out_channels: Image channels of the output.

    Raises:
        UnknownArchitectureError: The number of channels is not ``out_channels`` times a square.
    """
    channels = state[key].shape[0]
    scale = math.isqrt(channels // out_channels)
    if scale**2 * out_channels != channels:
        raise UnknownArchitectureError(
            f"{key} has {channels} output channels, which is not {out_channels} x scale^2"
        )
    return scale


def count_indexed(keys: Iterable[str], pattern: str) -> int:
    """Count the distinct numbers that ``pattern``'s group takes over ``keys``."""
    found = (re.match(pattern, key) for key in keys)
    return len({match.group(1) for match in found if match})


def refuse_unknown_keys(family: str, unknown: Iterable[str]) -> None:
    """Raise for keys that the family does not have, naming the first few."""
    names = sorted(unknown)
    if names:
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise UnknownArchitectureError(
            f"checkpoint looks like {family} but has keys that are not of it: {shown}"
        )
