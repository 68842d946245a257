from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import UnknownArchitectureError, convert, load_network
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import RFDN
from mmsrkd.registry import MODELS


@torch.no_grad()
@pytest.mark.parametrize("kwargs", [{"num_stages": 3, "scale": 4}, {"num_stages": 1, "scale": 2}])
def test_official_weights_want_0_to_255(kwargs: dict[str, Any]) -> None:
    kwargs = {"channels": 8, "num_blocks": 2, **kwargs}
    official, x = RFDN(**kwargs).eval(), torch.rand(1, 3, 19, 17)
    converted = convert_state(dict(official.state_dict()), {})
    assert kwargs.items() <= converted.network_cfg.items()
    network = MODELS.build(dict(converted.network_cfg)).eval()
    load_network(network, converted.state_dict)
    assert torch.allclose(network(x), official(x * 255) / 255, atol=1e-4)


def test_ours_pass_as_they_are() -> None:
    state = RFDN(channels=8, num_blocks=1).state_dict()
    found = convert_state(dict(state), {"ours": True}).state_dict
    assert all(torch.equal(found[key], state[key]) for key in state)


def test_unknown_keys_are_named() -> None:
    state = {**RFDN(channels=8, num_blocks=1).state_dict(), "B1.c6.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"like RFDN .*: B1\.c6\.weight"):
        convert_state(state, {})


@pytest.mark.slow
def test_official_weights_on_set5(
    official_weights: Callable[[str], Path], set5_psnr: Callable[[nn.Module], float]
) -> None:
    path = official_weights("RFDN_AIM.pth")
    network = MODELS.build(dict(convert(path).network_cfg)).eval()
    assert set5_psnr(load_network(network, path)) == pytest.approx(32.159, abs=0.005)
