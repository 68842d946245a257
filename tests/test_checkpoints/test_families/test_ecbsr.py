from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from mmsrkd.checkpoints import (
    CheckpointMismatchError,
    UnknownArchitectureError,
    convert,
    load_network,
)
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.models.networks import ECBSR, LumaOnly, switch_to_deploy
from mmsrkd.models.networks.ecbsr import MASKS
from mmsrkd.registry import MODELS

Y = {"in_channels": 1, "out_channels": 1}
SMALL: dict[str, Any] = {"channels": 6, "num_blocks": 2}
VARIANTS = [
    {**SMALL, **Y},
    {**SMALL, **Y, "scale": 4, "activation": "relu"},
    {**SMALL, "scale": 3, "activation": "prelu"},
]


def build(config: dict[str, Any]) -> nn.Module:
    return MODELS.build(dict(config)).eval()


def lively(**kwargs: Any) -> ECBSR:
    """A network whose edge branches and biases matter."""
    torch.manual_seed(0)
    network = ECBSR(**kwargs).eval()
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.3)
    return network


def official(network: ECBSR, merged: bool) -> dict[str, Tensor]:
    """The authors' two layouts: train form with masks, ``PlainSR`` without."""
    if merged:
        state = switch_to_deploy(network).state_dict()
        return {key.replace("eval_conv", "conv3x3"): value for key, value in state.items()}
    state = dict(network.state_dict())
    for key in [key for key in state if key.endswith(".scale")]:
        name = key.removesuffix(".scale")
        mask = torch.tensor(MASKS[name.rpartition(".")[2]])
        state[f"{name}.mask"] = mask.expand(len(state[key]), 1, 3, 3).clone()
    return state


@torch.no_grad()
@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("kwargs", VARIANTS)
def test_official_weights_want_0_to_255(
    tmp_path: Path, kwargs: dict[str, Any], merged: bool
) -> None:
    source = lively(**kwargs)
    x = torch.rand(1, source.in_channels, 7, 6)
    wanted = source(x * 255) / 255
    torch.save(official(source, merged), tmp_path / "ecbsr.pt")
    converted = convert(tmp_path / "ecbsr.pt")
    assert converted.info["input"] == ("Y 0..255" if "in_channels" in kwargs else "RGB 0..255")
    assert {**kwargs, "deploy": merged}.items() <= converted.network_cfg.items()
    network = load_network(build(converted.network_cfg), converted.state_dict)
    assert torch.allclose(network(x), wanted, rtol=1e-4, atol=1e-3 * float(wanted.abs().max()))
    direct = load_network(ECBSR(**kwargs, deploy=True).eval(), tmp_path / "ecbsr.pt")
    assert torch.allclose(direct(x), wanted, rtol=1e-4, atol=1e-3 * float(wanted.abs().max()))


@torch.no_grad()
def test_colour_images_through_the_official_luminance_network(tmp_path: Path) -> None:
    source = lively(**SMALL, **Y)
    torch.save(official(source, False), tmp_path / "ecbsr.pt")
    config = {"type": "ECBSR", **SMALL, **Y}
    network = load_network(LumaOnly(config, deploy=True), tmp_path / "ecbsr.pt").eval()
    x = torch.rand(1, 1, 7, 6)
    assert torch.allclose(network.network(x), source(x * 255) / 255, rtol=1e-3, atol=0.1)


@pytest.mark.parametrize("deploy", [False, True])
def test_what_we_wrote_is_not_folded_again(tmp_path: Path, deploy: bool) -> None:
    config = {"type": "ECBSR", **SMALL, "activation": "softplus", "deploy": deploy}
    state = build(config).state_dict()
    path = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
    converted = convert(path)
    assert config.items() <= converted.network_cfg.items()
    assert converted.info["input"] == "RGB 0..1"
    assert all(torch.equal(converted.state_dict[key], state[key]) for key in state)


def test_another_network_is_refused_with_the_difference() -> None:
    state = convert_state(official(lively(**SMALL), False), {}).state_dict
    with pytest.raises(CheckpointMismatchError, match=r"backbone\.3\.\S+ is \(12,.* and \(27,"):
        load_network(ECBSR(**SMALL, scale=3), state)


def test_unknown_keys_are_named() -> None:
    state = {**ECBSR(**SMALL).state_dict(), "backbone.0.conv1x1_roberts.k0": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"like ECBSR .*conv1x1_roberts\.k0"):
        convert_state(state, {})
