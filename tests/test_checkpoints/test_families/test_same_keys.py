"""Families whose official keys and range are ours or mmagic's: passed on, configuration found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import (
    CheckpointMismatchError,
    UnknownArchitectureError,
    convert,
    load_network,
)
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.registry import MODELS

SAFMN = {"type": "SAFMN", "channels": 8, "num_blocks": 2}
MIMO = {"type": "MIMOUNet", "channels": 4, "num_blocks": 1}
SWINIR = {
    "type": "SwinIRNet",
    "img_size": 32,
    "embed_dim": 12,
    "depths": [2, 1],
    "num_heads": [2, 3],
    "window_size": 8,
    "mlp_ratio": 2.0,
    "upsampler": "pixelshuffledirect",
}
# Official container, configuration.
CASES = [
    ("params", {**SAFMN, "scale": 3}),
    ("params", {**SAFMN, "ffn_scale": 1.5, "scale": 4}),
    ("model", MIMO),
    ("model", {**MIMO, "num_blocks": 20, "plus": True}),
    ("params", {**SWINIR, "upscale": 2}),
    ("params", {**SWINIR, "upsampler": "pixelshuffle", "upscale": 4, "resi_connection": "3conv"}),
    ("params_ema", {**SWINIR, "upsampler": "nearest+conv", "upscale": 4}),
    ("params", {**SWINIR, "upsampler": "", "upscale": 1, "window_size": 7, "img_range": 255.0}),
]


def build(config: Mapping[str, Any]) -> nn.Module:
    return MODELS.build(dict(config)).eval()


@torch.no_grad()
@pytest.mark.parametrize(("container", "config"), CASES)
def test_official_file_is_recognised_and_passed_on(
    tmp_path: Path, container: str, config: dict[str, Any]
) -> None:
    if config.get("window_size") == 7:
        config = {**config, "img_size": 28}
    source = build(config)
    torch.save({container: source.state_dict(), "epoch": 3}, tmp_path / "a.pkl.pth")
    converted = convert(tmp_path / "a.pkl.pth")
    assert config.items() <= converted.network_cfg.items()
    assert converted.info["input"] == "RGB 0..1"
    network = load_network(build(converted.network_cfg), converted.state_dict)
    x = torch.rand(1, 3, 17, 20)
    assert torch.equal(network(x), source(x))


def test_drop_out_of_our_own_file_is_what_it_says(tmp_path: Path) -> None:
    config = {**MIMO, "plus": True}
    state = build(config).state_dict()
    path = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
    assert convert(path).network_cfg["plus"] is True


def test_widening_is_found_exactly() -> None:
    config = {**SAFMN, "channels": 28, "num_blocks": 1, "ffn_scale": 2.18}  # 61 / 28 * 28 < 61
    source = build(config)
    converted = convert_state(source.state_dict(), {})
    network = load_network(build(converted.network_cfg), converted.state_dict)
    x = torch.rand(1, 3, 17, 20)
    assert torch.equal(network(x), source(x))


@pytest.mark.parametrize("config", [SAFMN, MIMO, SWINIR], ids=lambda config: config["type"])
def test_unknown_keys_are_named(config: dict[str, Any]) -> None:
    state = {**build(config).state_dict(), "extra.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"not of it: extra\.weight"):
        convert_state(state, {})


def test_another_network_is_refused_with_the_difference() -> None:
    safmn = convert_state(build({**SAFMN, "scale": 4}).state_dict(), {}).state_dict
    with pytest.raises(CheckpointMismatchError, match=r"to_img\.0\.weight is \(48, 8, 3, 3\)"):
        load_network(build(SAFMN), safmn)
    mimo = convert_state(build(MIMO).state_dict(), {}).state_dict
    with pytest.raises(CheckpointMismatchError, match=r"Encoder\.0\.layers\.0\.\S+ is \(4, 4, 3"):
        load_network(build({**MIMO, "channels": 6}), mimo)
    with pytest.raises(CheckpointMismatchError, match=r"to_feat\.weight is missing"):
        load_network(build(SAFMN), mimo)
