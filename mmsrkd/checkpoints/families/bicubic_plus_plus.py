from __future__ import annotations

import re
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.errors import UnknownArchitectureError
from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_KEY = re.compile(r"conv(?:[012]|_out)\.weight")


def _detect(state: State) -> bool:
    wanted = ("conv0.weight", "conv1.weight", "conv2.weight", "conv_out.weight")
    return all(key in state and state[key].ndim == 4 for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the official file, which wants BGR, and our own, which have the same keys."""
    refuse_unknown_keys("Bicubic++", (key for key in state if not _KEY.fullmatch(key)))
    first = state["conv0.weight"]
    twice = scale_from_upsampler(state, "conv_out.weight", first.shape[1])
    if twice % 2:
        raise UnknownArchitectureError(
            f"conv_out.weight of Bicubic++ enlarges by {twice}, which is not twice a scale"
        )
    config: dict[str, Any] = {
        "type": "BicubicPlusPlus",
        "in_channels": first.shape[1],
        "out_channels": first.shape[1],
        "channels": first.shape[0],
        "scale": twice // 2,
    }
    ours = hints.get("ours", False)
    return Converted(
        config,
        dict(state) if ours else _bgr_to_rgb(state),
        {"family": "Bicubic++", "form": "deploy", "input": OUR_INPUT if ours else "BGR 0..1"},
    )


def _bgr_to_rgb(state: State) -> dict[str, Tensor]:
    """Turn the colours round where the image comes in and where it goes out."""
    first, last = state["conv0.weight"], state["conv_out.weight"]
    # Pixel shuffle takes all positions of one colour, then those of the next.
    by_colour = last.reshape(first.shape[1], -1, *last.shape[1:])
    turned = by_colour.flip(0).reshape(last.shape)
    return {**state, "conv0.weight": first.flip(1).contiguous(), "conv_out.weight": turned}


FAMILY = Family("Bicubic++", _detect, _convert)
