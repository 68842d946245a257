from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import UnknownArchitectureError, convert, load_network
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.models.networks import IMDN
from mmsrkd.registry import MODELS


@torch.no_grad()
def test_official_files_have_a_prefix_and_our_range(tmp_path: Path) -> None:
    official, x = IMDN(channels=16, num_blocks=2, scale=3).eval(), torch.rand(1, 3, 9, 7)
    torch.save(
        {f"module.{key}": value for key, value in official.state_dict().items()},
        tmp_path / "IMDN_x3.pth",
    )
    converted = convert(tmp_path / "IMDN_x3.pth")
    assert {"channels": 16, "num_blocks": 2, "scale": 3}.items() <= converted.network_cfg.items()
    network = MODELS.build(dict(converted.network_cfg)).eval()
    assert torch.equal(load_network(network, converted.state_dict)(x), official(x))


def test_its_other_variants_are_not_taken_for_it() -> None:
    state = dict(IMDN(channels=16, num_blocks=1).state_dict())
    with pytest.raises(UnknownArchitectureError, match=r"like IMDN .*: fea_conv\.2\.weight"):
        convert_state({**state, "fea_conv.2.weight": torch.ones(1)}, {})
    any_scale = {key.replace("fea_conv", "fea_conv.0"): value for key, value in state.items()}
    with pytest.raises(UnknownArchitectureError, match="of no known family"):
        convert_state(any_scale, {})


@pytest.mark.slow
@pytest.mark.parametrize(("scale", "published"), [(2, 37.996), (3, 34.360), (4, 32.210)])
def test_official_weights_on_set5(
    official_weights: Callable[[str], Path],
    set5_psnr: Callable[[nn.Module], float],
    scale: int,
    published: float,
) -> None:
    path = official_weights(f"IMDN_x{scale}.pth")
    network = MODELS.build(dict(convert(path).network_cfg)).eval()
    assert set5_psnr(load_network(network, path)) == pytest.approx(published, abs=0.005)
