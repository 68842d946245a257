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
    scale_from_hints,
)

_KEY = re.compile(r"features\.(\d+)\.(?:weight|bias)")


def _kernels(state: State) -> dict[int, tuple[int, ...]]:
    """Shapes of the kernels by their place in the sequence."""
    found = ((_KEY.fullmatch(key), value) for key, value in state.items())
    return {int(key[1]): tuple(v.shape) for key, v in found if key is not None and v.ndim > 1}


def _detect(state: State) -> bool:
    """Recognise a chain of 3x3 kernels at every second place that ends as narrow as it began.

    VGG, whose layers have the same names, has other places and widths.
    """
    kernels = _kernels(state)
    count = len(kernels)
    if count < 2 or sorted(kernels) != list(range(0, 2 * count, 2)):
        return False
    first, last = kernels[0], kernels[2 * count - 2]
    chained = all(kernels[2 * k][:1] == kernels[2 * k + 2][1:2] for k in range(count - 1))
    return chained and first[1] == last[0] and all(s[2:] == (3, 3) for s in kernels.values())


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the state dict of twtygqyy/pytorch-vdsr, whose keys are ours."""
    refuse_unknown_keys("VDSR", (key for key in state if not _KEY.fullmatch(key)))
    first = state["features.0.weight"]
    config: dict[str, Any] = {
        "type": "VDSR",
        "in_channels": first.shape[1],
        "out_channels": first.shape[1],
        "channels": first.shape[0],
        "num_layers": len(_kernels(state)),
        "scale": scale_from_hints("VDSR", hints),
        "bias": "features.0.bias" in state,
    }
    info = {"family": "VDSR", "form": "deploy", **image_input(first)}
    return Converted(config, dict(state), info)


FAMILY = Family("VDSR", _detect, _convert)
