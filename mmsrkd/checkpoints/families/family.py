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

# The first layer of a network for 0..255 stays below 1; folded, it reaches some tens.
_LARGEST_UNFOLDED = 10.0
OUR_INPUT = "RGB 0..1"  # what ``info["input"]`` says where nothing has to be folded, or "Y 0..1"


@dataclass
class Converted:
    """Foreign weights in our keys.

    Attributes:
        network_cfg: What ``MODELS.build`` takes (has ``type``).
        state_dict: Bare keys of that network.
        info: What is known about the origin: ``family``, ``form``, ``input`` (range and order of
            the images the foreign weights want), ``source``, ``sha256``.
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
            and the container could, such as ``mean`` and ``img_range``. ``ours`` there is true for
            a file this package wrote: keys and range are ours already, nothing may be folded.
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


def scale_from_steps(state: State, prefix: str, channels: int) -> int:
    """Deduce the scale from an up-sampler like EDSR's: steps of 2, or one of 3, at full width.

    Args:
        state: Bare state dict.
        prefix: Name of the up-sampler; every weight of four dimensions under it is a step.
        channels: Feature width.

    Raises:
        UnknownArchitectureError: A step has not ``channels`` times a square of channels.
    """
    scale = 1
    for key, value in state.items():
        if key.startswith(f"{prefix}.") and value.ndim == 4:
            scale *= scale_from_upsampler(state, key, channels)
    return scale


def fold_range(state: State, first: str, last: str, factor: float = 255.0) -> dict[str, Tensor]:
    """Return weights for images of 0..factor as weights for images of 0..1, exactly.

    Only for networks whose one way in is the layer ``first`` and whose one way out is ``last``: an
    image that is added to the output would be scaled twice.

    Args:
        state: Bare state dict; not changed.
        first: Name of the first layer; its weight is multiplied.
        last: Name of the last layer; its weight, and its bias if it has one, is divided.
        factor: White of the foreign images.

    Raises:
        UnknownArchitectureError: The weights have been folded before.
    """
    largest = float(state[f"{first}.weight"].abs().max())
    if largest > _LARGEST_UNFOLDED:
        raise UnknownArchitectureError(
            f"{first}.weight reaches {largest:.0f}: these weights look folded for 0..1 "
            "already, but do not say that mmsrkd wrote them: take the converted file itself"
        )
    folded = dict(state)
    folded[f"{first}.weight"] = state[f"{first}.weight"] * factor
    for kind in ("weight", "bias"):
        key = f"{last}.{kind}"
        if key in state:
            folded[key] = state[key] / factor
    return folded


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


def scale_from_hints(family: str, hints: Hints) -> int:
    """Return the scale somebody told, for networks whose weights are alike at every scale.

    Raises:
        UnknownArchitectureError: Nobody told.
    """
    scale = hints.get("scale")
    if not isinstance(scale, int):
        raise UnknownArchitectureError(
            f"{family}: the weights do not show which scale they are for: say it (--scale 2)"
        )
    return scale


def image_input(first: Tensor) -> dict[str, str]:
    """Return the ``input`` of :attr:`Converted.info` for a network of [0, 1] images.

    Args:
        first: Weight of the first convolution.
    """
    return {"input": "Y 0..1" if first.shape[1] == 1 else OUR_INPUT}


def trunk_config(network: str, state: State, first: str, block: str) -> dict[str, Any]:
    """Read what most networks show alike: image channels, width, depth and scale.

    Args:
        network: Class name.
        state: Bare state dict.
        first: Name of the first convolution, from image to features.
        block: Pattern of a block's keys; its group is the number.
    """
    channels, image_channels = state[f"{first}.weight"].shape[:2]
    return {
        "type": network,
        "in_channels": image_channels,
        "out_channels": image_channels,
        "channels": channels,
        "num_blocks": count_indexed(state, block),
        "scale": scale_from_upsampler(state, "upsampler.0.weight", image_channels),
    }


def from_range_255(
    config: dict[str, Any], state: State, hints: Hints, first: str, last: str
) -> Converted:
    """Fold the range of official weights made for 0..255; pass a file of ours as it is."""
    info = {"family": config["type"], "form": "deploy"}
    if hints.get("ours"):
        return Converted(config, dict(state), {**info, "input": OUR_INPUT})
    return Converted(config, fold_range(state, first, last), {**info, "input": "RGB 0..255"})
