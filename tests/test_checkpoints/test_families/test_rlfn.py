from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import (
    CheckpointMismatchError,
    UnknownArchitectureError,
    convert,
    load_network,
)
from mmsrkd.checkpoints.convert import convert_state
from mmsrkd.checkpoints.loader import load_from_local_safely
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.models.networks import RLFN, DIPNet
from mmsrkd.registry import MODELS

SMALL: dict[str, Any] = {"channels": 6, "num_blocks": 2, "esa_channels": 3}
VARIANTS = [
    SMALL,
    {**SMALL, "mid_channels": 5, "scale": 4},
    {**SMALL, "num_convs": 1, "scale": 3},
    {**SMALL, "in_channels": 1, "out_channels": 1},
]


def build(config: dict[str, Any]) -> nn.Module:
    return MODELS.build(dict(config)).eval()


@torch.no_grad()
@pytest.mark.parametrize("kwargs", VARIANTS)
def test_official_weights_want_0_to_255(tmp_path: Path, kwargs: dict[str, Any]) -> None:
    official = RLFN(**kwargs).eval()
    torch.save(official.state_dict(), tmp_path / "rlfn.pth")
    converted = convert(tmp_path / "rlfn.pth")
    assert converted.info["input"] == "RGB 0..255"
    assert kwargs.items() <= converted.network_cfg.items()
    x = torch.rand(1, official.in_channels, 19, 17)
    network = load_network(build(converted.network_cfg), converted.state_dict)
    assert torch.allclose(network(x), official(x * 255) / 255, atol=1e-4)


@torch.no_grad()
def test_a_raw_official_file_never_loads_unfolded(tmp_path: Path) -> None:
    official, x = RLFN(**SMALL).eval(), torch.rand(1, 3, 19, 17)
    wanted, path = official(x * 255) / 255, tmp_path / "rlfn.pth"
    torch.save({"params": official.state_dict()}, path)
    assert torch.allclose(load_network(RLFN(**SMALL).eval(), path)(x), wanted, atol=1e-4)
    editor = load_from_local_safely(str(path))["state_dict"]  # mmengine's load_from
    network = RLFN(**SMALL).eval()
    network.load_state_dict({k.removeprefix("generator."): v for k, v in editor.items()})
    assert torch.allclose(network(x), wanted, atol=1e-4)


@torch.no_grad()
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_what_we_wrote_is_not_folded_again(tmp_path: Path, suffix: str) -> None:
    ours, x = RLFN(**SMALL).eval(), torch.rand(1, 3, 19, 17)
    state, config = ours.state_dict(), {"type": "RLFN", **SMALL}
    published = write_network(
        tmp_path / f"ours{suffix}", state, network_metadata(config, state, {})
    )
    trained = tmp_path / "iter_9.pth"
    torch.save({"state_dict": {f"generator.{k}": v for k, v in state.items()}}, trained)
    for path in (published, trained):
        converted = convert(path)
        assert converted.info["input"] == "RGB 0..1"
        assert all(torch.equal(converted.state_dict[key], state[key]) for key in state)
        assert torch.equal(load_network(RLFN(**SMALL).eval(), path)(x), ours(x))
    editor = load_from_local_safely(str(published))["state_dict"]
    assert torch.equal(editor["generator.conv_1.weight"], state["conv_1.weight"])


def test_converted_weights_saved_bare_are_not_folded_again() -> None:
    folded = convert_state(dict(RLFN(**SMALL).state_dict()), {}).state_dict
    with pytest.raises(UnknownArchitectureError, match=r"conv_1\.weight reaches \d+.*already"):
        convert_state(folded, {})


def test_another_network_is_refused_with_the_difference(tmp_path: Path) -> None:
    torch.save(RLFN(**SMALL).state_dict(), tmp_path / "rlfn.pth")
    with pytest.raises(CheckpointMismatchError, match="checkpoint is x2, network is x3"):
        load_network(RLFN(**SMALL, scale=3), tmp_path / "rlfn.pth")
    with pytest.raises(CheckpointMismatchError, match=r"conv_1\.bias is not in the network"):
        load_network(DIPNet(**SMALL, mid_channels=6), tmp_path / "rlfn.pth")


def test_unknown_keys_are_named() -> None:
    state = {**RLFN(**SMALL).state_dict(), "block_1.c4.weight": torch.ones(1)}
    with pytest.raises(UnknownArchitectureError, match=r"like RLFN .*: block_1\.c4\.weight"):
        convert_state(state, {})


def test_dipnet_keeps_its_range() -> None:
    config = {**SMALL, "mid_channels": 5, "scale": 3}
    state = DIPNet(**config).state_dict()
    converted = convert_state(dict(state), {})
    assert config.items() <= converted.network_cfg.items()
    assert converted.network_cfg["type"] == "DIPNet"
    assert all(torch.equal(converted.state_dict[key], state[key]) for key in state)
    load_network(build(converted.network_cfg), converted.state_dict)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "published"), [("rlfn_x2", 38.066), ("rlfn_x4", 32.238)])
def test_official_weights_on_set5(
    official_weights: Callable[[str], Path],
    set5_psnr: Callable[[nn.Module], float],
    name: str,
    published: float,
) -> None:
    path = official_weights(f"{name}.pth")
    network = build(convert(path).network_cfg)
    assert set5_psnr(load_network(network, path)) == pytest.approx(published, abs=0.005)
