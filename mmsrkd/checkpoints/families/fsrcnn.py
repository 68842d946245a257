from __future__ import annotations

import re
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.errors import UnknownArchitectureError
from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    image_input,
    refuse_unknown_keys,
    scale_from_hints,
)

_KEY = re.compile(r"(?:first_part\.[01]|mid_part\.\d+|last_part)\.(?:weight|bias)")
# PISR: its student wraps the network in `backbone` and keeps the adapters of its distillation.
_BACKBONE = "backbone."
_ADAPTERS = "vid_module_dict."
_PISR = re.compile(
    r"network\.(?P<part>feature_extraction|shrinking|mapping|expanding|last_layer)"
    r"\.(?P<index>\d+)\.(?P<layer>[01])\.(?P<kind>weight|bias)"
)


def _detect(state: State) -> bool:
    state = _without_wrapper(state)
    if "network.last_layer.0.0.weight" in state:
        return "network.shrinking.0.0.weight" in state
    last = state.get("last_part.weight")
    return last is not None and last.ndim == 4 and "mid_part.0.weight" in state


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the layouts of yjn870/FSRCNN-pytorch, which is ours, and of cvlab-yonsei/PISR."""
    state = _without_wrapper(state)
    ours = _from_pisr(state) if "network.last_layer.0.0.weight" in state else dict(state)
    refuse_unknown_keys("FSRCNN", (key for key in ours if not _KEY.fullmatch(key)))
    first, last = ours["first_part.0.weight"], ours["last_part.weight"]
    shrink = ours["mid_part.0.weight"].shape[0]
    config: dict[str, Any] = {
        "type": "FSRCNN",
        "in_channels": first.shape[1],
        "out_channels": last.shape[1],
        "channels": first.shape[0],
        "shrink_channels": shrink,
        # Convolution and PReLU in turn; the first and the last pair are no mapping.
        "num_blocks": count_indexed(ours, r"mid_part\.(\d+)\.") // 2 - 2,
        "scale": scale_from_hints("FSRCNN", hints),
        "prelu": "channel" if ours["mid_part.1.weight"].numel() == shrink > 1 else "single",
    }
    return Converted(config, ours, {"family": "FSRCNN", "form": "deploy", **image_input(first)})


def _without_wrapper(state: State) -> State:
    if not any(key.startswith(_BACKBONE) for key in state):
        return state
    return {
        key.removeprefix(_BACKBONE): value
        for key, value in state.items()
        if not key.startswith(_ADAPTERS)
    }


def _from_pisr(state: State) -> dict[str, Tensor]:
    blocks = count_indexed(state, r"network\.mapping\.(\d+)\.")
    ours, unknown = {}, []
    for key, value in state.items():
        found = _PISR.fullmatch(key)
        if found is None:
            unknown.append(key)
            continue
        part, index, layer = found["part"], int(found["index"]), int(found["layer"])
        if part == "feature_extraction":
            place = f"first_part.{layer}"
        elif part == "last_layer":
            place = "last_part"
        else:
            before = {"shrinking": 0, "mapping": 1, "expanding": 1 + blocks}[part]
            place = f"mid_part.{2 * (before + index) + layer}"
        ours[f"{place}.{found['kind']}"] = value
    if any(key.startswith("network.encoder.") for key in unknown):
        raise UnknownArchitectureError(
            "checkpoint is the teacher of PISR, which encodes the HR image: take its student's"
        )
    refuse_unknown_keys("FSRCNN (PISR)", unknown)
    return ours


FAMILY = Family("FSRCNN", _detect, _convert)
