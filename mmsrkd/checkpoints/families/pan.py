from __future__ import annotations

import re
from typing import Any

from mmsrkd.checkpoints.errors import UnknownArchitectureError
from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
)

_BLOCK = (
    r"SCPA_trunk\.\d+\.(?:(?:conv1_a|conv1_b|k1\.0|conv3|PAConv\.k[234])\.weight|PAConv\.k2\.bias)"
)
_LAYER = r"(?:conv_first|trunk_conv|upconv[12]|att[12]\.conv|HRconv[12]|conv_last)\.(?:weight|bias)"
_KEY = re.compile(rf"{_BLOCK}|{_LAYER}")


def _detect(state: State) -> bool:
    wanted = ("conv_first", "SCPA_trunk.0.conv1_a", "SCPA_trunk.0.PAConv.k2", "upconv1")
    return all(f"{layer}.weight" in state for layer in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass keys and values: the official weights want what ours want."""
    refuse_unknown_keys("PAN", (key for key in state if not _KEY.fullmatch(key)))
    channels, image_channels = state["conv_first.weight"].shape[:2]
    config: dict[str, Any] = {
        "type": "PAN",
        "in_channels": image_channels,
        "out_channels": image_channels,
        "channels": channels,
        "up_channels": state["upconv1.weight"].shape[0],
        "num_blocks": count_indexed(state, r"SCPA_trunk\.(\d+)\."),
        "scale": _scale(state, hints),
    }
    return Converted(config, dict(state), {"family": "PAN", "form": "deploy", "input": OUR_INPUT})


def _scale(state: State, hints: Hints) -> int:
    """Return 4 for weights that enlarge twice; x2 and x3 look alike and have to be told apart."""
    if "upconv2.weight" in state:
        return 4
    scale = hints.get("scale")
    if scale is None:
        raise UnknownArchitectureError(
            "PAN has the same weights for x2 and x3: say which these are, "
            "--scale 2 or --scale 3 (convert(..., scale=2))"
        )
    return int(scale)


FAMILY = Family("PAN", _detect, _convert)
