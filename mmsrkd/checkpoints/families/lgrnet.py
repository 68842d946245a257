from __future__ import annotations

import re
from typing import Any

from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_KEY = re.compile(
    r"(?:head\.[01]|tail\.[01]|body\.\d+\.(?:conv[123]|act[123])|fuse|upsampler\.0)"
    r"\.(?:weight|bias)"
)


def _detect(state: State) -> bool:
    wanted = ("head.0.weight", "tail.0.weight", "body.0.conv3.weight", "upsampler.0.weight")
    return all(key in state for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass our own weights through.

    Width, depth, scale, PReLU and a concatenating global residual show in the weights; the other
    switches do not, and are taken from the file's own network configuration where it has one.
    """
    refuse_unknown_keys("LGRNet", (key for key in state if not _KEY.fullmatch(key)))
    head = state["head.0.weight"]
    config: dict[str, Any] = {
        "type": "LGRNet",
        "in_channels": head.shape[1],
        "channels": head.shape[0],
        "num_blocks": count_indexed(state, r"body\.(\d+)\."),
        "scale": scale_from_upsampler(state, "upsampler.0.weight"),
    }
    if "head.1.weight" in state:
        config["activation"] = "prelu"
    if "fuse.weight" in state:
        config["global_residual"] = "concat"
    return Converted(config, dict(state), {"family": "LGRNet", "form": "deploy"})


FAMILY = Family("LGRNet", _detect, _convert)
