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
    scale_from_steps,
)
from mmsrkd.checkpoints.families.mean_shift import DIV2K_MEAN, KEYS, absorb_mean_shift

_KEY = re.compile(
    r"(?:head\.0|body\.\d+(?:\.body\.\d+(?:\.body\.(?:[02]|3\.conv_du\.[02]))?)?|tail\.0\.[02]"
    r"|tail\.1)\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    wanted = ("head.0.weight", "tail.1.weight", "body.0.body.0.body.3.conv_du.0.weight")
    return all(key in state for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the official layout, which wants 0..255 and shows it by ``sub_mean``, and ours."""
    unknown = (key for key in state if not _KEY.fullmatch(key) and key not in KEYS)
    refuse_unknown_keys("RCAN", unknown)
    head = state["head.0.weight"]
    squeezed = state["body.0.body.0.body.3.conv_du.0.weight"].shape[0]
    config: dict[str, Any] = {
        "type": "RCAN",
        "in_channels": head.shape[1],
        "out_channels": state["tail.1.weight"].shape[0],
        "channels": head.shape[0],
        "num_groups": count_indexed(state, r"body\.(\d+)\.") - 1,
        "num_blocks": count_indexed(state, r"body\.0\.body\.(\d+)\.") - 1,
        "reduction": head.shape[0] // squeezed,
        "scale": scale_from_steps(state, "tail.0", head.shape[0]),
    }
    weights, wanted = dict(state), OUR_INPUT
    if "sub_mean.weight" in state:
        weights, mean = absorb_mean_shift(state, "head.0", "tail.1")
        wanted = "RGB 0..255"
        if mean != DIV2K_MEAN:
            config["mean"] = mean
    return Converted(config, weights, {"family": "RCAN", "form": "deploy", "input": wanted})


FAMILY = Family("RCAN", _detect, _convert)
