from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.checkpoints import UnknownArchitectureError, convert
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import BicubicPlusPlus

from .helpers import from_file, own_file, randomise, same_state


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3])
def test_bgr_in_and_out_becomes_rgb(tmp_path: Path, scale: int) -> None:
    official = randomise(BicubicPlusPlus(channels=6, scale=scale))
    network, converted = from_file(tmp_path, official.state_dict())
    x = torch.rand(1, 3, 7, 6)
    wanted = official(x.flip(1)).flip(1)
    assert torch.allclose(network(x), wanted, atol=1e-5)
    assert not torch.allclose(network(x), official(x), atol=1e-2)
    assert converted.network_cfg["scale"] == scale
    assert converted.info["input"] == "BGR 0..1"


def test_our_own_file_is_not_turned_round_again(tmp_path: Path) -> None:
    source = randomise(BicubicPlusPlus(channels=6))
    config = {"type": "BicubicPlusPlus", "channels": 6}
    converted = convert(own_file(tmp_path, config, source))
    assert same_state(converted.state_dict, source.state_dict())
    assert converted.info["input"] == "RGB 0..1"


def test_what_is_not_of_it_is_told() -> None:
    state = dict(BicubicPlusPlus(channels=6).state_dict())
    with pytest.raises(UnknownArchitectureError, match=r"Bicubic\+\+.*not of it: conv1\.bias"):
        convert_state({**state, "conv1.bias": torch.ones(6)}, {})
    with pytest.raises(UnknownArchitectureError, match="enlarges by 3, which is not twice a scale"):
        convert_state({**state, "conv_out.weight": torch.ones(27, 6, 3, 3)}, {})
