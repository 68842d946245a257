from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.checkpoints import UnknownArchitectureError, convert
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import ESPCN
from mmsrkd.registry import MODELS

from .helpers import from_file, own_file, randomise

SMALL = {"channels": 5, "mid_channels": 4}


@torch.no_grad()
@pytest.mark.parametrize(("colours", "scale"), [(1, 3), (3, 4)])
def test_yjn870_is_recognised_from_its_shapes(tmp_path: Path, colours: int, scale: int) -> None:
    kwargs = {**SMALL, "in_channels": colours, "out_channels": colours, "scale": scale}
    source, x = randomise(ESPCN(**kwargs)), torch.rand(1, colours, 5, 6)
    network, converted = from_file(tmp_path, source.state_dict())
    assert converted.network_cfg == {"type": "ESPCN", **kwargs}
    assert torch.equal(network(x), source(x))
    with pytest.raises(UnknownArchitectureError, match=f"is for x{scale}, not for x2 as asked"):
        convert(tmp_path / "official.pth", 2)


@torch.no_grad()
def test_our_own_file_keeps_its_activation(tmp_path: Path) -> None:
    config = {"type": "ESPCN", **SMALL, "activation": "relu"}
    source = MODELS.build(dict(config))
    assert convert(own_file(tmp_path, config, source)).network_cfg["activation"] == "relu"


def test_unknown_key_is_named() -> None:
    state = {**ESPCN(**SMALL).state_dict(), "last_part.1.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"ESPCN.*not of it: last_part\.1\.weight"):
        convert_state(state, {})
