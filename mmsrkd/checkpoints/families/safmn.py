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
    scale_from_upsampler,
)

_KEY = re.compile(
    r"(?:to_feat|to_img\.0|feats\.\d+\.(?:norm[12]|safm\.(?:mfr\.[0-3]|aggr)|ccm\.ccm\.[02]))"
    r"\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    # The challenge variants, which are other networks, have no normalisation of this name.
    wanted = ("to_feat.weight", "to_img.0.weight", "feats.0.norm1.weight", "feats.0.safm.aggr.bias")
    return all(key in state for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass weights through: official and our keys are the same, and so is the range."""
    refuse_unknown_keys("SAFMN", (key for key in state if not _KEY.fullmatch(key)))
    first = state["to_feat.weight"]
    config = {
        "type": "SAFMN",
        "in_channels": first.shape[1],
        "channels": first.shape[0],
        "num_blocks": count_indexed(state, r"feats\.(\d+)\."),
        "ffn_scale": state["feats.0.ccm.ccm.0.weight"].shape[0] / first.shape[0],
        "scale": scale_from_upsampler(state, "to_img.0.weight"),
    }
    info = {"family": "SAFMN", "form": "deploy", "input": OUR_INPUT}
    return Converted(config, dict(state), info)


FAMILY = Family("SAFMN", _detect, _convert)
