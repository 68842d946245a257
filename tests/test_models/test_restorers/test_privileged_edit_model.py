from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from mmagic.structures import DataSample

from mmsrkd.apis.publish import publish_student
from mmsrkd.models.networks import discretise
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")

DECODER = tiny.student()
TEACHER = {
    "type": "PrivilegedSR",
    "decoder": DECODER,
    "encoder": {"channels": 4, "mid_channels": 4},
    "scale": 2,
}
IMITATION = {  # Eq. 6
    "type": "FeatureL1Loss",
    "weight": 1e-2,
    "args": {"student": "student.compact", "teacher": "lr"},
}
MIX = {"type": "Mix", "of": ["teacher.compact", "lr"], "shares": [0.3, 0.7]}
TRUNK = {"path": "upsampler", "role": "input"}


def model(kind: str, generator: dict[str, Any], distill: dict[str, Any], **more: Any) -> Any:
    torch.manual_seed(0)
    config = tiny.model_config() | {"type": kind, "generator": generator, "distill": distill}
    config["pixel_loss"] = {"type": "L1Loss", "loss_weight": 1.0, "reduction": "mean"}
    return MODELS.build({**config, **more})


def teacher_model() -> Any:
    block = {"taps": {"student": {"compact": "compact"}}, "losses": {"loss_imitation": IMITATION}}
    return model("PrivilegedEditModel", TEACHER, block)


def teachers(folder: Path) -> dict[str, Any]:
    torch.manual_seed(5)
    state = MODELS.build(copy.deepcopy(TEACHER)).state_dict()
    published = publish_student(state, TEACHER, folder)
    return {"teacher": {"checkpoint": str(published.pth), "input": "gt"}}


def assistant_model(folder: Path) -> Any:
    taps = {
        "student": {"trunk": TRUNK},
        "teacher": {"compact": "compact", "trunk": {"path": "decoder.upsampler", "role": "input"}},
    }
    losses = {
        "loss_teacher": {
            "type": "SoftTargetLoss",
            "args": {"student": "student.out", "teacher": "teacher.out"},
        },
        "loss_trunk": {
            "type": "FeatureL1Loss",
            "weight": 1e-4,
            "args": {"student": "student.trunk", "teacher": "teacher.trunk"},
        },
    }
    block = {"teachers": teachers(folder), "taps": taps, "losses": losses}
    return model("PrivilegedEditModel", DECODER, block, input=MIX)


def batch() -> tuple[torch.Tensor, DataSample]:
    torch.manual_seed(1)
    return torch.rand(2, 3, 12, 12), DataSample(gt_img=torch.rand(2, 3, 24, 24))


def trunk_of(network: torch.nn.Module, x: torch.Tensor) -> torch.Tensor:
    """Features before up-sampling of a two-block LGR-Net, by hand."""
    shallow = network.head(x)
    return network.tail(network.body(shallow)) + shallow


def test_equations_5_to_7_of_the_teacher() -> None:
    found, (lr, sample) = teacher_model(), batch()
    losses = found.forward_train(lr, sample)
    network, gt = found.generator, sample.gt_img
    compact = discretise(network.encoder(gt))
    assert set(losses) == {"loss_label", "loss_imitation"}
    assert torch.isclose(losses["loss_label"], (network.decoder(compact) - gt).abs().mean())
    assert torch.isclose(losses["loss_imitation"], 1e-2 * (compact - lr).abs().mean())
    losses["loss_imitation"].backward()
    assert all(p.grad is not None for p in network.encoder.parameters())


def test_equations_8_10_12_of_the_assistant(tmp_path: Path) -> None:
    found, (lr, sample) = assistant_model(tmp_path), batch()
    gt, ours = sample.gt_img, found.generator
    losses = found.forward_train(lr, sample)
    theirs = found._teachers["teacher"].network
    with torch.no_grad():
        compact = discretise(theirs.encoder(gt))
        image, features = theirs(gt), trunk_of(theirs.decoder, compact)
    mixed = 0.3 * compact + 0.7 * lr
    out = ours(mixed)
    assert torch.isclose(losses["loss_label"], (out - gt).abs().mean())
    assert torch.isclose(losses["loss_teacher"], (out - image).abs().mean())
    wanted = 1e-4 * (trunk_of(ours, mixed) - features).abs().mean()
    assert torch.isclose(losses["loss_trunk"], wanted)
    assert losses["loss_trunk"] > 0


def test_equations_9_11_13_of_the_student(tmp_path: Path) -> None:
    """An assistant fed the mix teaches a plain student together with the teacher."""
    torch.manual_seed(6)
    helper = MODELS.build(copy.deepcopy(DECODER))
    torch.save(helper.state_dict(), tmp_path / "assistant.pth")
    assistant = {
        "checkpoint": str(tmp_path / "assistant.pth"),
        "generator": DECODER,
        "input": MIX,
    }
    terms = {
        f"loss_{name}": {
            "type": "SoftTargetLoss",
            "args": {"student": "student.out", "teacher": f"{name}.out"},
        }
        for name in ("teacher", "assistant")
    }
    block = {
        "teachers": {**teachers(tmp_path), "assistant": assistant},
        "taps": {"teacher": {"compact": "compact"}},
        "losses": terms,
    }
    found, (lr, sample) = model("DistillEditModel", DECODER, block), batch()
    losses = found.forward_train(lr, sample)
    with torch.no_grad():
        compact = discretise(found._teachers["teacher"].network.encoder(sample.gt_img))
        image = helper(0.3 * compact + 0.7 * lr)
    assert torch.isclose(losses["loss_assistant"], (found.generator(lr) - image).abs().mean())
    assert found.distill.needed_teachers(0.0) == ["teacher", "assistant"]


def test_a_teacher_runs_for_those_it_feeds(tmp_path: Path) -> None:
    """No objective names the teacher, but the assistant's input does."""
    assistant = {"generator": {"type": "Bicubic", "scale": 2}, "input": MIX}
    term = {
        "type": "SoftTargetLoss",
        "args": {"student": "student.out", "teacher": "assistant.out"},
    }
    block = {
        "teachers": {**teachers(tmp_path), "assistant": assistant},
        "taps": {"teacher": {"compact": "compact"}},
        "losses": {"loss_assistant": term},
    }
    found = model("DistillEditModel", DECODER, block)
    assert found.forward_train(*batch())["loss_assistant"] > 0


def test_three_modes_see_one_input(tmp_path: Path) -> None:
    """At test the truth comes as BGR 0..255; the network gets it as in training."""
    found = assistant_model(tmp_path)
    lr = torch.rand(3, 12, 12) * 255
    gt = (torch.rand(3, 24, 24) * 255).round()
    meta = {"img_channel_order": "rgb", "gt_channel_order": "rgb"}

    def data() -> dict[str, Any]:
        return {"inputs": [lr.clone()], "data_samples": [DataSample(gt_img=gt, metainfo=meta)]}

    trained = found.data_preprocessor(data(), True)
    found.train()
    wanted = found(**trained, mode="tensor")
    found.eval()
    tested = found.data_preprocessor(data(), False)
    assert torch.allclose(found(**tested, mode="tensor"), wanted, atol=1e-5)
    (sample,) = found(**tested, mode="predict")
    expected = (wanted[0].detach().flip(0) * 255).clamp(0, 255)
    assert torch.allclose(sample.output.pred_img.data, expected, atol=1e-2)
    with pytest.raises(ValueError, match="is fed the HR image and got none"):
        found(lr[None] / 255)


def test_what_is_kept_and_what_is_held(tmp_path: Path) -> None:
    found = assistant_model(tmp_path)
    found.init_weights()
    assert not any("encoder" in key for key in found.state_dict())
    plain = MODELS.build(copy.deepcopy(DECODER))
    plain.load_state_dict(found.generator.state_dict())
    shapes = found.check_distillation(size=8)
    assert shapes["student.out"] == shapes["gt"] == (2, 3, 16, 16)
    assert found.images_of_networks(torch.rand(1, 3, 8, 8), torch.rand(1, 3, 16, 16)).keys() == {
        "student",
        "teacher",
    }
    config = {"type": "PrivilegedEditModel", "generator": DECODER, "distill": {}}
    assert student_config(config) == config
