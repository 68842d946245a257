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
)

_KEY = re.compile(
    r"(?:conv1_1|b[1-6]\.conv(?:[1-8]_1|[123]_1_1)|conv2|conv3)\.0\.weight"
    r"|upsample\.[03]\.(?:weight|bias)"
)
_MEAN = re.compile(r"(?:sub|add)_mean\.shifter\.(?:weight|bias)")
# One up-sampler, `up`, or one for each scale, `up2`, `up3`, `up4`.
_UP = re.compile(r"upsample\.up(?P<scale>[234]?)\.body\.(?P<rest>.+)")


def _detect(state: State) -> bool:
    return "b1.conv1_1_1.0.weight" in state and "b6.conv8_1.0.weight" in state


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the official layout, for one scale or for all of them, and our own."""
    several = sorted({int(m["scale"]) for m in map(_UP.fullmatch, state) if m and m["scale"]})
    asked = hints.get("scale")
    if several and asked not in several:
        raise UnknownArchitectureError(
            f"HGSRCNN: the checkpoint holds the up-samplers of scales "
            f"{', '.join(map(str, several))}: choose one (--scale)"
        )
    ours = _renamed(state, str(asked) if several else "")
    refuse_unknown_keys("HGSRCNN", (key for key in ours if not _KEY.fullmatch(key)))
    first = ours["conv1_1.0.weight"]
    config: dict[str, Any] = {
        "type": "HGSRCNN",
        "in_channels": first.shape[1],
        "out_channels": ours["conv3.0.weight"].shape[0],
        "channels": first.shape[0],
        "scale": _scale(ours),
    }
    if "add_mean.shifter.bias" in state:
        # Seven digits of a float32 are the number somebody typed.
        config["mean"] = [float(f"{v:.7g}") for v in state["add_mean.shifter.bias"].tolist()]
    return Converted(config, ours, {"family": "HGSRCNN", "form": "deploy", "input": OUR_INPUT})


def _renamed(state: State, scale: str) -> dict[str, Tensor]:
    """Keep the up-sampler of one scale, and drop the mean, which is no layer of ours."""
    ours = {}
    for key, value in state.items():
        found = _UP.fullmatch(key)
        if _MEAN.fullmatch(key) or (found and found["scale"] != scale):
            continue
        ours[f"upsample.{found['rest']}" if found else key] = value
    return ours


def _scale(ours: State) -> int:
    if "upsample.3.weight" in ours:
        return 4
    outputs, inputs = ours["upsample.0.weight"].shape[:2]
    return 3 if outputs == 9 * inputs else 2


FAMILY = Family("HGSRCNN", _detect, _convert)
