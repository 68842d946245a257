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
    fold_range,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_ESA = r"esa\.conv(?:[1-4]|3_|_f|_max)"
_KEY = re.compile(
    rf"(?:fea_conv|LR_conv|c\.0|upsampler\.0|B\d+\.(?:c[123]_[dr]|c4|c5|{_ESA}))\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    wanted = ("fea_conv", "B1.c1_d", "B1.c4", "B1.esa.conv_max", "LR_conv", "upsampler.0")
    return all(f"{layer}.weight" in state for layer in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Fold the range, unless the file is ours; keys stay."""
    refuse_unknown_keys("RFDN", (key for key in state if not _KEY.fullmatch(key)))
    channels, image_channels = state["fea_conv.weight"].shape[:2]
    config: dict[str, Any] = {
        "type": "RFDN",
        "in_channels": image_channels,
        "out_channels": image_channels,
        "channels": channels,
        "num_blocks": count_indexed(state, r"B(\d+)\."),
        "num_stages": count_indexed(state, r"B1\.c([123])_d\."),
        "scale": scale_from_upsampler(state, "upsampler.0.weight", image_channels),
    }
    info = {"family": "RFDN", "form": "deploy"}
    if hints.get("ours"):
        return Converted(config, dict(state), {**info, "input": OUR_INPUT})
    folded = fold_range(state, "fea_conv", "upsampler.0")
    return Converted(config, folded, {**info, "input": "RGB 0..255"})


FAMILY = Family("RFDN", _detect, _convert)
