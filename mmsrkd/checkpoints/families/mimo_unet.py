from __future__ import annotations

import re

from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
)

_CONVS = (
    r"(?:Encoder|Decoder)\.[012]\.layers\.\d+\.main\.[01]|feat_extract\.[0-5]|Convs\.[01]"
    r"|ConvsOut\.[01]|AFFs\.[01]\.conv\.[01]|FAM[12]\.merge|SCM[12]\.(?:main\.[0-3]|conv)"
)
_KEY = re.compile(rf"(?:{_CONVS})\.main\.0\.(?:weight|bias)")
PLUS_BLOCKS = 20


def _detect(state: State) -> bool:
    wanted = ("feat_extract.0", "SCM1.conv", "FAM2.merge", "ConvsOut.1")
    return all(f"{name}.main.0.weight" in state for name in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass weights through: official and our keys are the same, and so is the range.

    The drop-out of MIMO-UNet+, of no effect outside training, has no weights: the published depth
    is taken for it, unless a file of ours says what it was.
    """
    refuse_unknown_keys("MIMOUNet", (key for key in state if not _KEY.fullmatch(key)))
    first = state["feat_extract.0.main.0.weight"]
    blocks = count_indexed(state, r"Encoder\.0\.layers\.(\d+)\.")
    config = {
        "type": "MIMOUNet",
        "in_channels": first.shape[1],
        "out_channels": state["ConvsOut.1.main.0.weight"].shape[0],
        "channels": first.shape[0],
        "num_blocks": blocks,
    }
    if not hints.get("ours"):
        config["plus"] = blocks == PLUS_BLOCKS
    info = {"family": "MIMOUNet", "form": "deploy", "input": OUR_INPUT}
    return Converted(config, dict(state), info)


FAMILY = Family("MIMOUNet", _detect, _convert)
