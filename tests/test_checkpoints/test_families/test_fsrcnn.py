from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor

from mmsrkd.checkpoints import CheckpointMismatchError, UnknownArchitectureError, load_network
from mmsrkd.checkpoints.convert import convert, convert_state
from mmsrkd.models.networks import FSRCNN, LumaOnly

from .helpers import from_file, own_file, randomise, same_state

SMALL = {"in_channels": 1, "out_channels": 1, "channels": 6, "shrink_channels": 4, "num_blocks": 3}


def to_pisr(state: dict[str, Tensor], blocks: int) -> dict[str, Tensor]:
    """The layout of cvlab-yonsei/PISR: parts by name, each a sequence of sequences."""
    parts = ["shrinking.0", *(f"mapping.{i}" for i in range(blocks)), "expanding.0"]

    def rename(key: str) -> str:
        key = re.sub(r"^first_part", "feature_extraction.0", key)
        key = re.sub(r"^last_part", "last_layer.0.0", key)
        return re.sub(
            r"^mid_part\.(\d+)", lambda m: f"{parts[int(m[1]) // 2]}.{int(m[1]) % 2}", key
        )

    return {f"network.{rename(key)}": value for key, value in state.items()}


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 4])
def test_yjn870_is_ours_and_needs_the_scale(tmp_path: Path, scale: int) -> None:
    source, x = randomise(FSRCNN(**SMALL, scale=scale)), torch.rand(1, 1, 5, 6)
    network, converted = from_file(tmp_path, source.state_dict(), scale)
    assert torch.equal(network(x), source(x))
    assert converted.info["input"] == "Y 0..1"
    with pytest.raises(UnknownArchitectureError, match=r"do not show which scale.*--scale"):
        convert(tmp_path / "official.pth")


@torch.no_grad()
@pytest.mark.parametrize("student", [False, True])
def test_pisr_has_single_slopes_and_its_student_adapters(tmp_path: Path, student: bool) -> None:
    source, x = randomise(FSRCNN(**SMALL, scale=3, prelu="single")), torch.rand(1, 1, 5, 6)
    state = to_pisr(dict(source.state_dict()), 3)
    if student:
        state = {f"backbone.{key}": value for key, value in state.items()}
        state["vid_module_dict.expanding_mean.network.0.weight"] = torch.ones(1)
    network, converted = from_file(tmp_path, {"state_dict": state, "epoch": 1}, 3)
    assert torch.equal(network(x), source(x))
    assert converted.network_cfg["prelu"] == "single"
    assert converted.network_cfg["num_blocks"] == 3


def test_pisr_teacher_and_unknown_keys_are_refused() -> None:
    state = to_pisr(dict(FSRCNN(**SMALL).state_dict()), 3)
    with pytest.raises(UnknownArchitectureError, match="teacher of PISR"):
        convert_state({**state, "network.encoder.0.0.weight": torch.ones(1)}, {"scale": 2})
    with pytest.raises(UnknownArchitectureError, match=r"not of it: network\.extra\.weight"):
        convert_state({**state, "network.extra.weight": torch.ones(1)}, {"scale": 2})


def test_our_own_file_knows_its_scale_and_official_ones_load_directly(tmp_path: Path) -> None:
    config = {"type": "FSRCNN", **SMALL, "scale": 3}
    source = randomise(FSRCNN(**SMALL, scale=3))
    converted = convert(own_file(tmp_path, config, source))
    assert converted.network_cfg["scale"] == 3
    assert same_state(converted.state_dict, source.state_dict())
    torch.save(to_pisr(dict(source.state_dict()), 3), tmp_path / "pisr.pth")
    wrapped = load_network(LumaOnly(FSRCNN(**SMALL, prelu="channel")), tmp_path / "pisr.pth")
    assert same_state(wrapped.network.state_dict(), source.state_dict())
    with pytest.raises(CheckpointMismatchError, match=r"mid_part\.0\.weight is \(4, 6, 1, 1\)"):
        load_network(FSRCNN(**{**SMALL, "shrink_channels": 5}), tmp_path / "pisr.pth")
