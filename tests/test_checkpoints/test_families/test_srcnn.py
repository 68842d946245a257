from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from mmsrkd.checkpoints import UnknownArchitectureError, convert
from mmsrkd.checkpoints.families import find_family
from mmsrkd.checkpoints.network_file import network_metadata

from .helpers import from_file, own_file


@torch.no_grad()
def test_yjn870_becomes_the_network_of_mmagic(tmp_path: Path) -> None:
    torch.manual_seed(0)
    layers = nn.ModuleDict(
        {
            "conv1": nn.Conv2d(1, 6, 9, padding=4),
            "conv2": nn.Conv2d(6, 5, 5, padding=2),
            "conv3": nn.Conv2d(5, 1, 5, padding=2),
        }
    )
    network, converted = from_file(tmp_path, layers.state_dict(), 3)
    x = torch.rand(1, 1, 6, 7)
    h = F.interpolate(x, scale_factor=3, mode="bicubic", align_corners=False)
    wanted = layers["conv3"](F.relu(layers["conv2"](F.relu(layers["conv1"](h)))))
    assert torch.allclose(network(x), wanted, atol=1e-6)
    assert converted.network_cfg["type"] == "SRCNNNet"
    meta = network_metadata(converted.network_cfg, converted.state_dict, {})
    assert (meta["scale"], meta["input"]["colour"]) == (3, "Y")
    again = convert(own_file(tmp_path, converted.network_cfg, network))
    assert again.network_cfg == converted.network_cfg
    with pytest.raises(UnknownArchitectureError, match="SRCNN: the weights do not show"):
        convert(tmp_path / "official.pth")


def test_other_networks_of_three_convolutions_are_left_alone() -> None:
    state = {f"conv{k}.weight": torch.ones(4, 4, 3, 3) for k in (1, 2, 3)}
    assert find_family(state) is None
    state["conv1.weight"] = torch.ones(4, 4, 9, 9)
    assert find_family(state) is not None
    assert find_family({**state, "conv4.weight": torch.ones(4, 4, 3, 3)}) is None
