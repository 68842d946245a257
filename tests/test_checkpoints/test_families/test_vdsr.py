from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.checkpoints import UnknownArchitectureError, UnsafeCheckpointError, convert
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.families import find_family
from mmsrkd.models.networks import VDSR

from .helpers import from_file, own_file, randomise, same_state

SMALL = {"in_channels": 1, "out_channels": 1, "channels": 6, "num_layers": 4}


@torch.no_grad()
@pytest.mark.parametrize("bias", [False, True])
def test_state_dict_of_pytorch_vdsr(tmp_path: Path, bias: bool) -> None:
    source, x = randomise(VDSR(**SMALL, scale=3, bias=bias)), torch.rand(1, 1, 5, 6)
    network, converted = from_file(tmp_path, source.state_dict(), 3)
    assert torch.equal(network(x), source(x))
    assert converted.network_cfg == {"type": "VDSR", **SMALL, "scale": 3, "bias": bias}
    with pytest.raises(UnknownArchitectureError, match="VDSR: the weights do not show which scale"):
        convert(tmp_path / "official.pth")


def test_the_pickled_module_of_the_repository_is_refused_with_the_way_out(tmp_path: Path) -> None:
    torch.save({"epoch": 50, "model": VDSR(**SMALL)}, tmp_path / "model_epoch_50.pth")
    with pytest.raises(UnsafeCheckpointError, match=r"VDSR.*saved again as a plain state_dict"):
        convert(tmp_path / "model_epoch_50.pth", 2)


def test_our_own_file_knows_its_scale(tmp_path: Path) -> None:
    source = randomise(VDSR(**SMALL, scale=4))
    converted = convert(own_file(tmp_path, {"type": "VDSR", **SMALL, "scale": 4}, source))
    assert converted.network_cfg["scale"] == 4
    assert same_state(converted.state_dict, source.state_dict())


def test_vgg_is_no_vdsr_and_unknown_keys_are_named() -> None:
    vgg = {f"features.{k}.weight": torch.ones(4, 4 if k else 3, 3, 3) for k in (0, 2, 5, 7)}
    assert find_family(vgg) is None
    assert find_family({k: vgg[k] for k in list(vgg)[:2]}) is None
    state = {**VDSR(**SMALL).state_dict(), "mean.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"VDSR.*not of it: mean\.weight"):
        convert_state(state, {"scale": 2})
