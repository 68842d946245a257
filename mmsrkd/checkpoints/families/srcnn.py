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

_LAYERS = ("conv1", "conv2", "conv3")
_KEY = re.compile(r"conv[123]\.(?:weight|bias)")


def _detect(state: State) -> bool:
    """Recognise three convolutions and no more, wide at first and narrow in the end."""
    weights = [state.get(f"{layer}.weight") for layer in _LAYERS]
    if {key.partition(".")[0] for key in state} != set(_LAYERS):
        return False
    shapes = [tuple(weight.shape) for weight in weights if weight is not None and weight.ndim == 4]
    return (
        len(shapes) == 3
        and shapes[0][2] == 9
        and shapes[0][1] == shapes[2][0]
        and shapes[0][0] == shapes[1][1]
        and shapes[1][0] == shapes[2][1]
    )


def _convert(state: State, hints: Hints) -> Converted:
    """Accept yjn870/SRCNN-pytorch and mmagic's own; both have the keys of mmagic's SRCNNNet.

    The former takes an image enlarged before, so its weights show no scale. By MATLAB's bicubic
    interpolation, mostly, where mmagic uses PyTorch's: a small loss.
    """
    refuse_unknown_keys("SRCNN", (key for key in state if not _KEY.fullmatch(key)))
    weights = [state[f"{layer}.weight"] for layer in _LAYERS]
    config: dict[str, Any] = {
        "type": "SRCNNNet",
        "channels": [weights[0].shape[1], *(weight.shape[0] for weight in weights)],
        "kernel_sizes": [weight.shape[2] for weight in weights],
        "upscale_factor": scale_from_hints("SRCNN", hints),
    }
    info = {"family": "SRCNN", "form": "deploy", **image_input(weights[0])}
    return Converted(config, dict(state), info)


FAMILY = Family("SRCNN", _detect, _convert)
