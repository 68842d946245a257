from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from torch import nn

from mmsrkd.checkpoints import CheckpointError, CheckpointMismatchError, load_network
from mmsrkd.checkpoints.state import network_state_dict
from mmsrkd.models.networks import SPAN, LGRNet, switch_to_deploy
from mmsrkd.quantization import build_scheme, quantize

SMALL = {"channels": 4, "num_blocks": 1}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"params": state},
        lambda state: {"params": {}, "params_ema": state},
        lambda state: {f"module.{key}": value for key, value in state.items()},
        lambda state: {
            "state_dict": {
                **{f"generator.{key}": value for key, value in state.items()},
                "distill.adapter.weight": torch.ones(1),
                "step_counter": torch.tensor(3),
            },
            "meta": {"iter": 3},
        },
        lambda state: {"params": {f"module.generator.{k}": v for k, v in state.items()}},
    ],
    ids=["bare", "params", "ema first", "module", "editor", "nested"],
)
def test_every_wrapping_is_taken_off(wrap: object) -> None:
    state = LGRNet(**SMALL).state_dict()
    found = network_state_dict(wrap(dict(state)))  # type: ignore[operator]
    assert list(found) == list(state)


def test_nothing_to_load_is_said() -> None:
    with pytest.raises(CheckpointError, match=r"no tensors \(it has epoch\)"):
        network_state_dict({"epoch": 3})


def test_wrong_scale_is_recognised_and_nothing_is_touched(tmp_path: Path) -> None:
    torch.save(LGRNet(**SMALL, scale=4).state_dict(), tmp_path / "x4.pth")
    network = LGRNet(**SMALL, scale=2)
    before = copy.deepcopy(network.state_dict())
    with pytest.raises(CheckpointMismatchError) as caught:
        load_network(network, tmp_path / "x4.pth")
    message = str(caught.value)
    assert "x4.pth does not fit LGRNet: checkpoint is x4, network is x2" in message
    assert "\n" not in message
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_three_differences_are_named() -> None:
    network = LGRNet(channels=6, num_blocks=2)
    with pytest.raises(CheckpointMismatchError) as caught:
        load_network(network, LGRNet(**SMALL).state_dict())
    message = str(caught.value)
    assert message.count(" in the checkpoint and ") == 3
    assert "head.0.weight is (4, 3, 3, 3) in the checkpoint and (6, 3, 3, 3)" in message


def test_not_strict_still_refuses_other_shapes() -> None:
    state = LGRNet(**SMALL).state_dict()
    load_network(LGRNet(channels=4, num_blocks=2), state, strict=False)
    with pytest.raises(CheckpointMismatchError):
        load_network(LGRNet(channels=6, num_blocks=1), state, strict=False)


@torch.no_grad()
def test_train_form_is_merged_into_a_deploy_network() -> None:
    train, x = SPAN(**SMALL), torch.rand(1, 3, 6, 6)
    deploy = load_network(SPAN(**SMALL, deploy=True), {"params": dict(train.state_dict())})
    assert torch.allclose(deploy(x), train(x), atol=1e-4)


def test_deploy_form_into_a_train_network_is_explained() -> None:
    merged = switch_to_deploy(SPAN(**SMALL)).state_dict()
    with pytest.raises(
        CheckpointMismatchError, match="checkpoint is in deploy form, network in tr"
    ):
        load_network(SPAN(**SMALL), merged)


def test_float_weights_for_a_quantised_network_are_explained() -> None:
    network = quantize(LGRNet(channels=8, num_blocks=1), build_scheme("cpu"))
    state = LGRNet(channels=8, num_blocks=1).state_dict()
    with pytest.raises(
        CheckpointMismatchError, match=r"the config wants it quantised: run tools/q"
    ):
        load_network(network, state)


def test_a_network_without_weights_takes_nothing() -> None:
    with pytest.raises(CheckpointMismatchError, match="weight is not in the network"):
        load_network(nn.Identity(), LGRNet(**SMALL).state_dict())
