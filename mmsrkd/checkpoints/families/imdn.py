from __future__ import annotations

import re
from typing import Any

from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_KEY = re.compile(
    r"(?:fea_conv|LR_conv|c\.0|upsampler\.0|IMDB\d+\.(?:c[1-5]|cca\.conv_du\.[02]))\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    wanted = ("fea_conv", "IMDB1.c1", "IMDB1.cca.conv_du.0", "c.0", "LR_conv", "upsampler.0")
    return all(f"{layer}.weight" in state for layer in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass keys and values: the official weights want what ours want."""
    refuse_unknown_keys("IMDN", (key for key in state if not _KEY.fullmatch(key)))
    channels, image_channels = state["fea_conv.weight"].shape[:2]
    config: dict[str, Any] = {
        "type": "IMDN",
        "in_channels": image_channels,
        "out_channels": image_channels,
        "channels": channels,
        "num_blocks": count_indexed(state, r"IMDB(\d+)\."),
        "scale": scale_from_upsampler(state, "upsampler.0.weight", image_channels),
    }
    return Converted(config, dict(state), {"family": "IMDN", "form": "deploy", "input": OUR_INPUT})


FAMILY = Family("IMDN", _detect, _convert)
