"""RCAN and EDSR: official weights want 0..255 and carry the mean as convolutions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.checkpoints import (
    CheckpointMismatchError,
    UnknownArchitectureError,
    convert,
    load_network,
)
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.registry import MODELS

MEAN = torch.tensor([0.4488, 0.4371, 0.4040])
RCAN = {"type": "RCAN", "channels": 8, "num_groups": 2, "num_blocks": 2, "reduction": 4}
EDSR = {"type": "EDSRNet", "in_channels": 3, "out_channels": 3, "mid_channels": 8, "num_blocks": 2}


def build(config: Mapping[str, Any]) -> nn.Module:
    return MODELS.build(dict(config)).eval()


def mean_shifts(mix: float = 0.0) -> dict[str, Tensor]:
    """The official pair; ``mix`` as if the two had been trained."""
    generator = torch.Generator().manual_seed(3)
    state = {}
    for name, sign in (("sub_mean", -1), ("add_mean", 1)):
        noise = mix * torch.randn(3, 3, generator=generator)
        state[f"{name}.weight"] = (torch.eye(3) + noise)[:, :, None, None]
        state[f"{name}.bias"] = sign * 255 * MEAN + 100 * mix
    return state


def between_shifts(core: nn.Module, shifts: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What the official network makes of 0..255, if ``core`` adds and takes off no mean."""
    x = F.conv2d(x, shifts["sub_mean.weight"], shifts["sub_mean.bias"])
    return F.conv2d(core(x), shifts["add_mean.weight"], shifts["add_mean.bias"])


def official_rcan(kwargs: Mapping[str, Any]) -> tuple[nn.Module, dict[str, Tensor]]:
    core = build({**RCAN, **kwargs, "mean": [0.0, 0.0, 0.0]})
    return core, dict(core.state_dict())


def official_edsr(kwargs: Mapping[str, Any]) -> tuple[nn.Module, dict[str, Tensor]]:
    core = build({**EDSR, **kwargs, "rgb_mean": [0.0, 0.0, 0.0]})
    names = {"conv_first": "head.0", "conv_after_body": "body.2", "conv_last": "tail.1"}
    for number in range(2):
        names[f"body.{number}.conv1"] = f"body.{number}.body.0"
        names[f"body.{number}.conv2"] = f"body.{number}.body.2"
        names[f"upsample.{number}.upsample_conv"] = f"tail.0.{2 * number}"
    state = {}
    for key, value in core.state_dict().items():
        layer, _, kind = key.rpartition(".")
        state[f"{names[layer]}.{kind}"] = value
    return core, state


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize("mix", [0.0, 0.05])
@pytest.mark.parametrize("family", ["RCAN", "EDSR"])
def test_official_weights_want_0_to_255(
    tmp_path: Path, family: str, mix: float, scale: int
) -> None:
    make, key = {"RCAN": (official_rcan, "scale"), "EDSR": (official_edsr, "upscale_factor")}[
        family
    ]
    core, state = make({key: scale})
    shifts = mean_shifts(mix)
    torch.save({f"module.{k}": v for k, v in {**state, **shifts}.items()}, tmp_path / "a.pt")
    converted = convert(tmp_path / "a.pt")
    assert converted.info["input"] == "RGB 0..255"
    assert converted.network_cfg[key] == scale
    assert any("mean" in name for name in converted.network_cfg) == bool(mix)
    network = load_network(build(converted.network_cfg), converted.state_dict)
    x = torch.rand(1, 3, 9, 8)
    wanted = between_shifts(core, shifts, x * 255) / 255
    assert torch.allclose(network(x), wanted, atol=1e-4)


@torch.no_grad()
def test_what_we_wrote_is_not_folded_again(tmp_path: Path) -> None:
    for make, shape in ((official_rcan, RCAN), (official_edsr, {**EDSR, "upscale_factor": 4})):
        converted = convert_state({**make({})[1], **mean_shifts()}, {})
        config, state = converted.network_cfg, converted.state_dict
        path = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
        again = convert(path)
        assert shape.items() <= again.network_cfg.items()
        assert again.info["input"] == "RGB 0..1"
        assert all(torch.equal(again.state_dict[key], state[key]) for key in state)


def test_factor_of_the_residuals_is_the_published_one_or_ours(tmp_path: Path) -> None:
    for channels, factor in ((8, 1), (256, 0.1)):
        core = build({**EDSR, "mid_channels": channels, "num_blocks": 1, "upscale_factor": 2})
        assert convert_state(dict(core.state_dict()), {}).network_cfg["res_scale"] == factor
    config = {**EDSR, "upscale_factor": 3, "res_scale": 0.3}
    state = build(config).state_dict()
    path = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
    assert convert(path).network_cfg["res_scale"] == 0.3


def test_another_network_is_refused_with_the_difference() -> None:
    state = convert_state({**official_rcan({"scale": 3})[1], **mean_shifts()}, {}).state_dict
    with pytest.raises(CheckpointMismatchError, match=r"tail\.0\.0\.weight is \(72, 8, 3, 3\)"):
        load_network(build(RCAN), state)
    with pytest.raises(CheckpointMismatchError, match=r"body\.0\.body\.1\.weight is missing"):
        load_network(build({**RCAN, "scale": 3, "num_blocks": 1}), state)


def test_unknown_keys_are_named() -> None:
    for make, name in ((official_rcan, "RCAN"), (official_edsr, "EDSR")):
        state = {**make({})[1], **mean_shifts(), "tail.2.weight": torch.ones(1)}
        with pytest.raises(UnknownArchitectureError, match=rf"like {name} .*: tail\.2\.weight"):
            convert_state(state, {})
