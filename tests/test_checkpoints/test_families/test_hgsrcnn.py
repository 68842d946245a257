from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from mmsrkd.checkpoints import UnknownArchitectureError, convert
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import HGSRCNN

from .helpers import from_file, own_file, randomise, same_state

DIV2K = (0.4488, 0.4371, 0.4040)


def official(state: dict[str, Tensor], scale: int | str = "") -> dict[str, Tensor]:
    """The authors' layout: the mean is two frozen convolutions, the up-sampler a level deeper."""
    found = {re.sub(r"^upsample\.", f"upsample.up{scale}.body.", k): v for k, v in state.items()}
    for name, sign in (("sub_mean", -1), ("add_mean", 1)):
        found[f"{name}.shifter.weight"] = torch.eye(3).view(3, 3, 1, 1)
        found[f"{name}.shifter.bias"] = sign * torch.tensor(DIV2K)
    return found


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_single_scale(tmp_path: Path, scale: int) -> None:
    source, x = randomise(HGSRCNN(channels=4, scale=scale)), torch.rand(1, 3, 5, 6)
    network, converted = from_file(tmp_path, official(dict(source.state_dict())))
    assert torch.equal(network(x), source(x))
    expected = {"channels": 4, "scale": scale, "mean": list(DIV2K)}
    assert expected.items() <= converted.network_cfg.items()


@torch.no_grad()
def test_multi_scale_file_is_split_by_the_scale_asked_for(tmp_path: Path) -> None:
    networks = {scale: randomise(HGSRCNN(channels=4, scale=scale)) for scale in (2, 3, 4)}
    trunk = {k: v for k, v in networks[2].state_dict().items() if not k.startswith("upsample")}
    state, x = {}, torch.rand(1, 3, 5, 6)
    for scale, network in networks.items():
        network.load_state_dict(trunk, strict=False)
        state |= official(dict(network.state_dict()), scale)
    for scale, network in networks.items():
        found, _ = from_file(tmp_path, {f"module.{k}": v for k, v in state.items()}, scale)
        assert torch.equal(found(x), network(x))
    with pytest.raises(UnknownArchitectureError, match=r"scales 2, 3, 4: choose one \(--scale\)"):
        convert(tmp_path / "official.pth")


def test_our_own_file_keeps_its_mean_and_unknown_keys_are_named(tmp_path: Path) -> None:
    source = randomise(HGSRCNN(channels=4, mean=None))
    config = {"type": "HGSRCNN", "channels": 4, "mean": None}
    converted = convert(own_file(tmp_path, config, source))
    assert converted.network_cfg["mean"] is None
    assert same_state(converted.state_dict, source.state_dict())
    state = {**official(dict(source.state_dict())), "b7.conv1_1.0.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"not of it: b7\.conv1_1\.0\.weight"):
        convert_state(state, {})
