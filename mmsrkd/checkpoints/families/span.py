from __future__ import annotations

import re
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.families.family import (
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
    scale_from_upsampler,
)

_BLOCK = r"(?:conv_1|conv_2|block_\d+\.c[123]_r)"
_KEY = re.compile(
    rf"(?:{_BLOCK}\.(?:sk|conv\.[012]|eval_conv)|conv_cat|upsampler\.0)\.(?:weight|bias)"
)
# A community training script marks networks without input normalisation by this empty tensor.
_NO_NORM = "no_norm"


def _detect(state: State) -> bool:
    has_first = any(f"conv_1.{name}.weight" in state for name in ("sk", "eval_conv"))
    return has_first and "conv_cat.weight" in state and "upsampler.0.weight" in state


def _convert(state: State, hints: Hints) -> Converted:
    """Accept the official train form, merged-only dicts and what the ncnn reader returns."""
    refuse_unknown_keys("SPAN", (k for k in state if not _KEY.fullmatch(k) and k != _NO_NORM))
    train_form = "conv_1.sk.weight" in state
    first = state["conv_1.sk.weight" if train_form else "conv_1.eval_conv.weight"]
    config: dict[str, Any] = {
        "type": "SPAN",
        "in_channels": first.shape[1],
        "channels": first.shape[0],
        "num_blocks": count_indexed(state, r"block_(\d+)\."),
        "scale": scale_from_upsampler(state, "upsampler.0.weight"),
        "deploy": not train_form,
    }
    config.update({key: hints[key] for key in ("mean", "img_range") if key in hints})
    if _NO_NORM in state:
        config.update(mean=[0.0] * first.shape[1], img_range=1.0)
    form = "train" if train_form else "deploy"
    return Converted(config, _clean(state, train_form), {"family": "SPAN", "form": form})


def _clean(state: State, train_form: bool) -> dict[str, Tensor]:
    """Drop markers and, in the train form, the stale merged copies."""
    return {
        key: value
        for key, value in state.items()
        if key != _NO_NORM and not (train_form and ".eval_conv." in key)
    }


FAMILY = Family("SPAN", _detect, _convert)
