"""RLFN, whose official weights want images of 0..255, and DIPNet, which is RLFN without biases."""

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
    from_range_255,
    refuse_unknown_keys,
    trunk_config,
)

_ESA = r"esa\.conv(?:[1-4]|_f)"
_KEY = re.compile(rf"(?:conv_[12]|block_\d+\.(?:c[123]_r|c5|{_ESA})|upsampler\.0)\.(?:weight|bias)")


def _detect(state: State) -> bool:
    wanted = ("conv_1", "block_1.c1_r", "block_1.c5", "block_1.esa.conv4", "upsampler.0")
    return all(f"{layer}.weight" in state for layer in wanted)


def _network_cfg(network: str, state: State) -> dict[str, Any]:
    """Read what RLFN and DIPNet have in common off the shapes."""
    return {
        **trunk_config(network, state, "conv_1", r"block_(\d+)\."),
        "mid_channels": state["block_1.c1_r.weight"].shape[0],
        "esa_channels": state["block_1.esa.conv1.weight"].shape[0],
    }


def _convert_rlfn(state: State, hints: Hints) -> Converted:
    """Fold the range, unless the file is ours; keys stay."""
    refuse_unknown_keys("RLFN", (key for key in state if not _KEY.fullmatch(key)))
    config = _network_cfg("RLFN", state)
    config["num_convs"] = count_indexed(state, r"block_1\.c([123])_r\.")
    return from_range_255(config, state, hints, "conv_1", "upsampler.0")


def _convert_dipnet(state: State, hints: Hints) -> Converted:
    """Pass keys and values: the official weights want what ours want."""
    refuse_unknown_keys("DIPNet", (key for key in state if not _KEY.fullmatch(key)))
    config = _network_cfg("DIPNet", state)
    info = {"family": "DIPNet", "form": "deploy", "input": OUR_INPUT}
    return Converted(config, dict(state), info)


RLFN = Family("RLFN", lambda state: _detect(state) and "conv_1.bias" in state, _convert_rlfn)
DIPNET = Family(
    "DIPNet", lambda state: _detect(state) and "conv_1.bias" not in state, _convert_dipnet
)
