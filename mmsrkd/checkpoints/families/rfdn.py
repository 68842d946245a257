from __future__ import annotations

import re

from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    from_range_255,
    refuse_unknown_keys,
    trunk_config,
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
    config = trunk_config("RFDN", state, "fea_conv", r"B(\d+)\.")
    config["num_stages"] = count_indexed(state, r"B1\.c([123])_d\.")
    return from_range_255(config, state, hints, "fea_conv", "upsampler.0")


FAMILY = Family("RFDN", _detect, _convert)
