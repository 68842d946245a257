from __future__ import annotations

import math
import re
from typing import Any

from mmsrkd.checkpoints.families.family import (
    OUR_INPUT,
    Converted,
    Family,
    Hints,
    State,
    count_indexed,
    refuse_unknown_keys,
    scale_from_steps,
    scale_from_upsampler,
)

_BLOCK = (
    r"norm[12]\.(?:weight|bias)|attn\.(?:qkv|proj)\.(?:weight|bias)|mlp\.fc[12]\.(?:weight|bias)"
    r"|attn\.relative_position_(?:bias_table|index)|attn_mask"
)
_KEY = re.compile(
    rf"layers\.\d+\.(?:residual_group\.blocks\.\d+\.(?:{_BLOCK})|conv(?:\.[024])?\.(?:weight|bias))"
    r"|(?:conv_first|patch_embed\.norm|norm|conv_after_body(?:\.[024])?|conv_before_upsample\.0"
    r"|upsample\.[02]|conv_up[12]|conv_hr|conv_last)\.(?:weight|bias)"
)
_FIRST = "layers.0.residual_group.blocks.0"


def _detect(state: State) -> bool:
    wanted = ("conv_first.weight", f"{_FIRST}.attn.relative_position_index")
    return all(key in state for key in wanted)


def _convert(state: State, hints: Hints) -> Converted:
    """Pass official weights through to mmagic's ``SwinIRNet``, which has the same keys.

    The masks of the shifted windows stay: mmagic keeps them for the training size too.
    """
    refuse_unknown_keys("SwinIR", (key for key in state if not _KEY.fullmatch(key)))
    width = state["conv_first.weight"].shape[0]
    window = math.isqrt(state[f"{_FIRST}.attn.relative_position_index"].shape[0])
    layers = range(count_indexed(state, r"layers\.(\d+)\."))
    group = r"layers\.{}\.residual_group\.blocks\.(\d+)\."
    table = "layers.{}.residual_group.blocks.0.attn.relative_position_bias_table"
    upsampler, scale = _upsampler(state, width)
    config: dict[str, Any] = {
        "type": "SwinIRNet",
        "in_chans": state["conv_first.weight"].shape[1],
        "embed_dim": width,
        "depths": [count_indexed(state, group.format(index)) for index in layers],
        "num_heads": [state[table.format(index)].shape[1] for index in layers],
        "window_size": window,
        "mlp_ratio": state[f"{_FIRST}.mlp.fc1.weight"].shape[0] / width,
        "upscale": scale,
        "upsampler": upsampler,
        "img_range": 255.0 if window == 7 else 1.0,  # so the JPEG models of the authors
        "resi_connection": "1conv" if "conv_after_body.weight" in state else "3conv",
    }
    mask = state.get("layers.0.residual_group.blocks.1.attn_mask")
    if mask is not None:
        config["img_size"] = math.isqrt(mask.shape[0]) * window
    info = {"family": "SwinIR", "form": "deploy", "input": OUR_INPUT}
    return Converted(config, dict(state), info)


def _upsampler(state: State, width: int) -> tuple[str, int]:
    """Name and factor of the up-sampler, as mmagic's constructor has them."""
    if "conv_up1.weight" in state:
        return "nearest+conv", 4 if "conv_up2.weight" in state else 2
    if "conv_before_upsample.0.weight" in state:
        inner = state["conv_before_upsample.0.weight"].shape[0]
        return "pixelshuffle", scale_from_steps(state, "upsample", inner)
    if "upsample.0.weight" in state:
        channels = state["conv_first.weight"].shape[1]
        return "pixelshuffledirect", scale_from_upsampler(state, "upsample.0.weight", channels)
    return "", 1


FAMILY = Family("SwinIR", _detect, _convert)
