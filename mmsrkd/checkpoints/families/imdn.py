from __future__ import annotations

import re

from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    refuse_unknown_keys,
    trunk_config,
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
    config = trunk_config("IMDN", state, "fea_conv", r"IMDB(\d+)\.")
    return Converted(config, dict(state), {"family": "IMDN", "form": "deploy", "input": OUR_INPUT})


FAMILY = Family("IMDN", _detect, _convert)
