from __future__ import annotations

import re
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_EDGE = r"conv1x1_(?:sbx|sby|lpl)"
_KEY = re.compile(
    rf"backbone\.\d+\.(?:(?:conv3x3|eval_conv)\.(?:weight|bias)|act\.weight"
    rf"|conv1x1_3x3\.[kb][01]|{_EDGE}\.(?:k0|b0|scale|bias|mask))"
)
# What an input, and an output, that is 255 times as large is multiplied with in each branch.
_ENTRIES = re.compile(r"(?:conv3x3|eval_conv)\.weight|conv1x1_\w+\.k0")
_EXITS = re.compile(
    rf"(?:conv3x3|eval_conv)\.(?:weight|bias)|conv1x1_3x3\.[kb]1|{_EDGE}\.(?:scale|bias)"
)


def _detect(state: State) -> bool:
    return any(f"backbone.0.{name}.weight" in state for name in ("conv3x3", "eval_conv"))


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the official train form, the official merged form (``PlainSR``) and ours.

    The authors train on 0..255, Y as a rule; that is folded unless the file is ours. Weights of
    BasicSR's copy of the network have the same keys and another range: they are not meant here.
    Activation (but PReLU) and identity branches do not show: ReLU and none are assumed.
    """
    refuse_unknown_keys("ECBSR", (key for key in state if not _KEY.fullmatch(key)))
    train_form = "backbone.0.conv1x1_3x3.k0" in state
    weights = {key: value for key, value in state.items() if not key.endswith(".mask")}
    if not train_form:
        weights = {key.replace(".conv3x3.", ".eval_conv."): v for key, v in weights.items()}
    conv = "conv3x3" if train_form else "eval_conv"
    first = weights[f"backbone.0.{conv}.weight"]
    last = count_indexed(weights, r"backbone\.(\d+)\.") - 1
    config: dict[str, Any] = {
        "type": "ECBSR",
        "in_channels": first.shape[1],
        "out_channels": first.shape[1],
        "channels": first.shape[0],
        "num_blocks": last - 1,
        "scale": scale_from_upsampler(weights, f"backbone.{last}.{conv}.weight", first.shape[1]),
        "deploy": not train_form,
    }
    if "backbone.0.act.weight" in state:
        config["activation"] = "prelu"
    elif not hints.get("ours"):
        config["activation"] = "relu"
    colour = "Y" if first.shape[1] == 1 else "RGB"
    white = 1 if hints.get("ours") else 255
    form = "train" if train_form else "deploy"
    info = {"family": "ECBSR", "form": form, "input": f"{colour} 0..{white}"}
    return Converted(config, _fold(weights, last, white), info)


def _fold(weights: State, last: int, factor: float) -> dict[str, Tensor]:
    """Return weights for images of 0..factor as weights for [0, 1], branch by branch."""
    folded = dict(weights)
    for key in folded:
        _, number, name = key.split(".", 2)
        if number == "0" and _ENTRIES.fullmatch(name):
            folded[key] = folded[key] * factor
        if number == str(last) and _EXITS.fullmatch(name):
            folded[key] = folded[key] / factor
    return folded


FAMILY = Family("ECBSR", _detect, _convert)
