from __future__ import annotations

import re
from typing import Any

from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    image_input,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_KEY = re.compile(r"(?:first_part\.[02]|last_part\.0)\.(?:weight|bias)")


def _detect(state: State) -> bool:
    wanted = ("first_part.0.weight", "first_part.2.weight", "last_part.0.weight")
    return all(key in state and state[key].ndim == 4 for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the layout of yjn870/ESPCN-pytorch, which is ours; its activation is tanh."""
    refuse_unknown_keys("ESPCN", (key for key in state if not _KEY.fullmatch(key)))
    first, second = state["first_part.0.weight"], state["first_part.2.weight"]
    # Nothing shows how many of the last outputs are colours: as many as the input has.
    colours = first.shape[1]
    config: dict[str, Any] = {
        "type": "ESPCN",
        "in_channels": colours,
        "out_channels": colours,
        "channels": first.shape[0],
        "mid_channels": second.shape[0],
        "scale": scale_from_upsampler(state, "last_part.0.weight", colours),
    }
    info = {"family": "ESPCN", "form": "deploy", **image_input(first)}
    return Converted(config, dict(state), info)


FAMILY = Family("ESPCN", _detect, _convert)
