from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch

from mmsrkd.apis.train import train
from mmsrkd.checkpoints import load_network, read_checkpoint
from mmsrkd.models.distillation.slicing import width_slices
from mmsrkd.models.networks import RCAN, LGRNet
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")


def model_config(**wide: Any) -> dict[str, Any]:
    losses = {
        "loss_contrast": {
            "type": "ImageContrastLoss",
            "weight": 0.78,
            "features": {"type": "GradientPyramid", "levels": 3},
            "tap_weights": [0.2, 0.3, 1.0],
            "args": {"student": "student.out", "teacher": "wide.out", "lr": "lr"},
        },
        "loss_wide": {"type": "L1Loss", "args": {"pred": "wide.out", "target": "gt"}},
    }
    network = tiny.student(channels=12, **wide)
    return {
        **tiny.model_config(),
        "type": "SelfDistillEditModel",
        "distill": {"wide": {"generator": network}, "losses": losses},
    }


@pytest.mark.parametrize("family", [LGRNet, RCAN])
def test_slice_is_the_narrow_network_where_the_rest_is_zero(family: type) -> None:
    """A wide network whose other channels are 0 computes what its slice computes."""
    more = {"num_groups": 1, "num_blocks": 1, "reduction": 2} if family is RCAN else {}
    torch.manual_seed(0)
    wide, narrow = (family(channels=c, scale=2, **more).eval() for c in (12, 8))
    if family is RCAN:  # its attention has 6 and 4 inner channels
        x = torch.rand(1, 3, 6, 6)
        for name, parameter in wide.named_parameters():
            inner = dict(narrow.named_parameters())[name].shape
            kept = torch.zeros_like(parameter)
            kept[tuple(slice(n) for n in inner)] = 1
            parameter.data *= kept
        slices = width_slices(wide, narrow)
        found = torch.func.functional_call(narrow, slices, (x,))
        assert torch.allclose(found, wide(x), atol=1e-6)
    slices = width_slices(wide, narrow)
    assert {k: v.shape for k, v in slices.items()} == {
        k: v.shape for k, v in narrow.named_parameters()
    }


def test_what_is_no_part_is_refused() -> None:
    with pytest.raises(ValueError, match="has to be a part of it"):
        width_slices(LGRNet(channels=8, scale=2), LGRNet(channels=12, scale=2))
    with pytest.raises(ValueError, match=r"no parameter 'body.2.*change the number of channels"):
        width_slices(
            LGRNet(channels=8, num_blocks=2, scale=2), LGRNet(channels=8, num_blocks=3, scale=2)
        )
    config = model_config()
    del config["distill"]["wide"]
    with pytest.raises(KeyError, match="needs `wide`"):
        MODELS.build(config)


class Sample:
    def __init__(self, gt: torch.Tensor) -> None:
        self.gt_img = gt


def test_gradients_go_where_they_should() -> None:
    model = MODELS.build(model_config()).train()
    lr, gt = torch.rand(2, 3, 8, 8), torch.rand(2, 3, 16, 16)

    def gradients(name: str) -> dict[str, torch.Tensor]:
        model.zero_grad()
        model.forward_train(lr, Sample(gt))[name].backward()
        return {k: p.grad.clone() for k, p in model.wide.named_parameters() if p.grad is not None}

    losses = model.forward_train(lr, Sample(gt))
    assert set(losses) == {"loss_label", "loss_contrast", "loss_wide"}
    for name in ("loss_label", "loss_contrast"):
        found = gradients(name)
        first = next(k for k, g in found.items() if g.ndim == 4 and g.shape[:2] == (12, 12))
        assert found[first][:8, :8].any()
        assert not found[first][8:].any(), "the student trains its own channels only"
        assert not found[first][:, 8:].any()
    assert all(g.any() for g in gradients("loss_wide").values())
    assert not any(p.requires_grad for p in model.generator.parameters())


def test_a_run_saves_a_plain_student_and_resumes(tmp_path: Path) -> None:
    config = tiny.train_config(tmp_path, model_config(), steps=4)
    whole = train(config.copy()).model
    checkpoint = read_checkpoint(tmp_path / "work/iter_4.pth")
    slices = width_slices(whole.wide, whole.generator)
    assert all(
        torch.equal(checkpoint["state_dict"][f"generator.{k}"], v) for k, v in slices.items()
    )
    plain = MODELS.build(student_config(config.model)["generator"]).eval()
    load_network(plain, str(tmp_path / "work/iter_4.pth"))
    x = torch.rand(1, 3, 8, 8)
    assert torch.allclose(plain(x), whole.eval().generator(x), atol=1e-6)
    other = copy.deepcopy(whole)
    for parameter in other.wide.parameters():
        parameter.data.zero_()
    assert not any(v.any() for k, v in other.state_dict().items() if k.startswith("generator."))
    assert whole.state_dict()["generator.head.0.weight"].any()

    again = tiny.train_config(tmp_path, model_config(), steps=4)
    resumed = train(again, resume=str(tmp_path / "work/iter_2.pth")).model
    assert all(
        torch.equal(a, b)
        for a, b in zip(
            whole.wide.state_dict().values(), resumed.wide.state_dict().values(), strict=True
        )
    )


def test_starts_from_a_checkpoint(tmp_path: Path) -> None:
    torch.manual_seed(3)
    trained = MODELS.build(tiny.student(channels=12))
    torch.save(trained.state_dict(), tmp_path / "wide.pth")
    config = model_config()
    config["distill"]["wide"]["checkpoint"] = str(tmp_path / "wide.pth")
    model = MODELS.build(config)
    model.init_weights()
    state = trained.state_dict()
    assert all(torch.equal(v, state[k]) for k, v in model.wide.state_dict().items())
    narrow = model.generator.state_dict()
    assert all(torch.equal(v, state[k][tuple(map(slice, v.shape))]) for k, v in narrow.items())
