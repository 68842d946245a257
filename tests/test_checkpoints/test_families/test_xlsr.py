from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from mmsrkd.checkpoints import UnknownArchitectureError, convert
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import XLSR

from .helpers import from_file, own_file, randomise, same_state


def official(state: dict[str, Tensor], *, split_groups: bool) -> dict[str, Tensor]:
    """cxzhou95/XLSR: four convolutions of the image, and grouped ones or four in each block."""
    found = {}
    for key, value in state.items():
        module, _, kind = key.rpartition(".")
        if module == "conv0":
            found |= {f"conv0_{i}.conv.{kind}": part for i, part in enumerate(value.chunk(4))}
        elif module.endswith(".conv0") and split_groups:
            parts = enumerate(value.chunk(4))
            found |= {f"{module}.conv2d_block.{i}.{kind}": part for i, part in parts}
        else:
            found[f"conv3.conv.{kind}" if module == "conv3" else key] = value
    return found


@torch.no_grad()
@pytest.mark.parametrize("split_groups", [False, True])
def test_both_layouts_of_the_repository(tmp_path: Path, split_groups: bool) -> None:
    source, x = randomise(XLSR(channels=8, num_blocks=2, scale=3)), torch.rand(1, 3, 6, 5)
    state = official(dict(source.state_dict()), split_groups=split_groups)
    network, converted = from_file(tmp_path, state)
    assert torch.equal(network(x), source(x))
    expected = {"channels": 8, "num_blocks": 2, "scale": 3}
    assert expected.items() <= converted.network_cfg.items()


def test_our_own_file_passes_and_unknown_keys_are_named(tmp_path: Path) -> None:
    source = XLSR(channels=8)
    path = own_file(tmp_path, {"type": "XLSR", "channels": 8}, source)
    assert same_state(convert(path).state_dict, source.state_dict())
    state = official(dict(source.state_dict()), split_groups=False)
    with pytest.raises(UnknownArchitectureError, match=r"not of it: quant\.scale"):
        convert_state({**state, "quant.scale": torch.ones(1)}, {})
