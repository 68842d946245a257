from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import UnknownArchitectureError, convert, load_network
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.models.networks import PAN
from mmsrkd.registry import MODELS

SMALL = {"channels": 8, "up_channels": 6, "num_blocks": 2}


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_official_weights_have_our_keys_and_range(tmp_path: Path, scale: int) -> None:
    official, x = PAN(**SMALL, scale=scale).eval(), torch.rand(1, 3, 9, 7)
    torch.save(official.state_dict(), tmp_path / "pan.pth")
    converted = convert(tmp_path / "pan.pth", scale=scale)
    assert {**SMALL, "scale": scale}.items() <= converted.network_cfg.items()
    network = MODELS.build(dict(converted.network_cfg)).eval()
    assert torch.equal(load_network(network, converted.state_dict)(x), official(x))


def test_x2_and_x3_have_to_be_told_apart(tmp_path: Path) -> None:
    torch.save(PAN(**SMALL, scale=4).state_dict(), tmp_path / "x4.pth")
    assert convert(tmp_path / "x4.pth").network_cfg["scale"] == 4
    with pytest.raises(UnknownArchitectureError, match="x4, not for x2"):
        convert(tmp_path / "x4.pth", scale=2)
    state = PAN(**SMALL, scale=3).state_dict()
    torch.save(state, tmp_path / "x3.pth")
    assert convert(tmp_path / "x3.pth").network_cfg["scale"] == 3, "the name tells"
    torch.save(state, tmp_path / "pan.pth")
    with pytest.raises(UnknownArchitectureError, match=r"same weights for x2 and x3.*--scale 3"):
        convert(tmp_path / "pan.pth")
    load_network(PAN(**SMALL, scale=3), tmp_path / "x3.pth")  # the network knows
    config = {"type": "PAN", **SMALL, "scale": 3}
    ours = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
    assert convert(ours).network_cfg["scale"] == 3


def test_unknown_keys_are_named() -> None:
    state = {**PAN(**SMALL).state_dict(), "SCPA_trunk.0.conv3.bias": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"like PAN .*SCPA_trunk\.0\.conv3\.bias"):
        convert_state(state, {"scale": 2})


@pytest.mark.slow
def test_official_weights_on_set5(
    official_weights: Callable[[str], Path], set5_psnr: Callable[[nn.Module], float]
) -> None:
    path = official_weights("PANx2.pth")
    network = MODELS.build(dict(convert(path, scale=2).network_cfg)).eval()
    assert set5_psnr(load_network(network, path)) == pytest.approx(38.001, abs=0.005)
