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

_OFFICIAL = re.compile(
    r"(?:head\.0|body\.\d+(?:\.body\.[02])?|tail\.0\.[02]|tail\.1)\.(?:weight|bias)"
)
_MMAGIC = re.compile(
    r"(?:conv_first|body\.\d+\.conv[12]|conv_after_body|upsample\.[01]\.upsample_conv|conv_last)"
    r"\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    official = ("sub_mean.weight", "head.0.weight", "body.0.body.2.weight", "tail.1.weight")
    mmagic = ("conv_first.weight", "body.0.conv2.weight", "upsample.0.upsample_conv.weight")
    return any(all(key in state for key in keys) for keys in (official, mmagic))


def _convert(state: State, hints: Hints) -> Converted:
    """Turn official weights (0..255) into those of mmagic's ``EDSRNet``, and accept the latter.

    The factor of the residuals does not show in the weights: 0.1 for 256 channels, as published,
    otherwise 1, unless a file of ours says what it was.
    """
    wanted = OUR_INPUT
    config: dict[str, Any] = {}
    if "sub_mean.weight" in state:
        unknown = (key for key in state if not _OFFICIAL.fullmatch(key) and key not in KEYS)
        refuse_unknown_keys("EDSR", unknown)
        state, mean = absorb_mean_shift(state, "head.0", "tail.1")
        state = _rename(state)
        wanted = "RGB 0..255"
        if mean != DIV2K_MEAN:
            config["rgb_mean"] = mean
    refuse_unknown_keys("EDSR", (key for key in state if not _MMAGIC.fullmatch(key)))
    first = state["conv_first.weight"]
    config = {
        "type": "EDSRNet",
        "in_channels": first.shape[1],
        "out_channels": state["conv_last.weight"].shape[0],
        "mid_channels": first.shape[0],
        "num_blocks": count_indexed(state, r"body\.(\d+)\."),
        "upscale_factor": scale_from_steps(state, "upsample", first.shape[0]),
        **config,
    }
    if not hints.get("ours"):
        config["res_scale"] = 0.1 if first.shape[0] == 256 else 1
    return Converted(config, dict(state), {"family": "EDSR", "form": "deploy", "input": wanted})


def _rename(state: State) -> State:
    """Official keys to mmagic's; the last of ``body`` is the convolution after it."""
    last = count_indexed(state, r"body\.(\d+)\.") - 1
    names = {
        "head.0": "conv_first",
        f"body.{last}": "conv_after_body",
        "tail.0.0": "upsample.0.upsample_conv",
        "tail.0.2": "upsample.1.upsample_conv",
        "tail.1": "conv_last",
    }
    for index in range(last):
        names[f"body.{index}.body.0"] = f"body.{index}.conv1"
        names[f"body.{index}.body.2"] = f"body.{index}.conv2"
    renamed = {}
    for key, value in state.items():
        layer, _, kind = key.rpartition(".")
        renamed[f"{names[layer]}.{kind}"] = value
    return renamed


FAMILY = Family("EDSR", _detect, _convert)
