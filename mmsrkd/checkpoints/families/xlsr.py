from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor

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

_KEY = re.compile(r"(?:conv[01234]|Gblocks\.\d+\.conv[01])\.(?:weight|bias)")
# Four convolutions of the image, and in the newest code of the repository four for each group.
_SPLIT = re.compile(
    r"(?P<joined>conv0|Gblocks\.\d+\.conv0)"
    r"(?:_(?P<first>[0-3])\.conv|\.conv2d_block\.(?P<group>[0-3]))\.(?P<kind>weight|bias)"
)


def _detect(state: State) -> bool:
    found = "conv0_0.conv.weight" in state or "conv0.weight" in state
    return found and "Gblocks.0.conv1.weight" in state and "conv4.weight" in state


def _convert(state: State, hints: Hints) -> Converted:
    """Accept cxzhou95/XLSR, ``best.pt`` and the newest code, and our own."""
    ours = _joined(state)
    refuse_unknown_keys("XLSR", (key for key in ours if not _KEY.fullmatch(key)))
    first = ours["conv0.weight"]
    config: dict[str, Any] = {
        "type": "XLSR",
        "in_channels": first.shape[1],
        "out_channels": first.shape[1],
        "channels": first.shape[0],
        "num_blocks": count_indexed(ours, r"Gblocks\.(\d+)\."),
        "scale": scale_from_upsampler(ours, "conv4.weight", first.shape[1]),
    }
    return Converted(config, ours, {"family": "XLSR", "form": "deploy", "input": OUR_INPUT})


def _joined(state: State) -> dict[str, Tensor]:
    parts: dict[str, dict[int, Tensor]] = {}
    ours = {}
    for key, value in state.items():
        found = _SPLIT.fullmatch(key)
        if found is None:
            ours[key.replace("conv3.conv.", "conv3.")] = value
            continue
        number = int(found["first"] or found["group"] or 0)
        parts.setdefault(f"{found['joined']}.{found['kind']}", {})[number] = value
    for key, pieces in parts.items():
        ours[key] = torch.cat([pieces[number] for number in sorted(pieces)])
    return ours


FAMILY = Family("XLSR", _detect, _convert)
