"""Models of two tasks: what trains, what rests, what is measured, what a student learns."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from mmagic.structures import DataSample

from mmsrkd.engine.hooks.teacher_check_hook import measure
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS

pytestmark = pytest.mark.usefixtures("scope")

DEBLUR = {"type": "SpectralL1Loss", "weight": 0.1}
SR = {"type": "L1Loss", "loss_weight": 1.0, "reduction": "mean"}
IMAGES = {name: {"path": "", "index": i} for i, name in enumerate(["q", "h", "deblur", "sr"])}
LEVELS = {f"level{k}": f"deblur.Encoder.{k}" for k in range(3)}


def network(channels: int = 4, **more: Any) -> dict[str, Any]:
    small = {"num_blocks": 1, "sr_channels": 8, "sr_blocks": 1, "img_range": 1.0}
    return {"type": "SRDeblurNet", "channels": channels, **small, **more}


def config(kind: str = "MultiTaskEditModel", **changes: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "generator": network(),
        "pixel_loss": {"type": "TaskLosses", "deblur": DEBLUR, "sr": SR},
        "data_preprocessor": {
            "type": "DataPreprocessor",
            "mean": [0.0] * 3,
            "std": [255.0] * 3,
            "output_channel_order": "RGB",
        },
        **changes,
    }


def build(**changes: Any) -> Any:
    torch.manual_seed(0)
    return MODELS.build(config(**changes))


def batch(*, both: bool = True, scale: int = 4, **meta: Any) -> tuple[torch.Tensor, DataSample]:
    torch.manual_seed(1)
    fields = {"gt_img": torch.rand(2, 3, 10 * scale, 14 * scale)}
    if both:
        fields["gt_deblur"] = torch.randint(256, (2, 3, 10, 14), dtype=torch.uint8)
    sample = DataSample(**fields)
    sample.set_metainfo({"img_channel_order": ["rgb", "rgb"], **meta})
    return torch.rand(2, 3, 10, 14), sample


def total(losses: dict[str, torch.Tensor]) -> torch.Tensor:
    return torch.stack([v for k, v in losses.items() if "loss" in k]).sum()


def distilling(checkpoint: str, channels: int = 4) -> Any:
    teacher = {"generator": network(8, form="all"), "checkpoint": checkpoint}
    block = {
        "teachers": {"teacher": teacher},
        "taps": {name: {**LEVELS, **IMAGES} for name in ("student", "teacher")},
        "adapters": {
            f"to{k}": {
                "type": "Conv1x1",
                "on": f"student.level{k}",
                "in_channels": channels * 2**k,
                "out_channels": 8 * 2**k,
            }
            for k in range(3)
        },
        "losses": {
            "loss_features": {
                "type": "FeatureL1Loss",
                "args": {
                    "student": [f"to{k}.level{k}" for k in range(3)],
                    "teacher": "teacher.level*",
                },
            },
            "loss_pseudo": {
                "type": "FeatureL1Loss",
                "args": {
                    "student": [f"student.{name}" for name in IMAGES],
                    "teacher": [f"teacher.{name}" for name in IMAGES],
                },
            },
        },
    }
    return build(kind="MultiTaskDistillEditModel", distill=block, generator=network(channels))


@pytest.fixture
def checkpoint(tmp_path: Any) -> str:
    torch.manual_seed(3)
    teacher = MODELS.build(network(8))
    torch.nn.init.normal_(teacher.fit.weight, std=0.05)
    torch.save(teacher.state_dict(), tmp_path / "teacher.pth")
    return str(tmp_path / "teacher.pth")


def test_truth_of_deblurring_is_brought_to_the_range_of_the_model() -> None:
    model, (inputs, sample) = build(), batch()
    losses = model.forward_train(inputs, sample)
    assert set(losses) == {"loss_deblur", "loss_sr"}
    truth = sample.gt_deblur.float() / 255
    wanted = model.pixel_loss.losses["deblur"](model.generator(inputs, form="scales"), truth)
    assert torch.equal(losses["loss_deblur"], wanted)
    sample.set_metainfo({"img_channel_order": ["BGR", "BGR"]})  # of the file; RGB in the model
    sample.gt_deblur = sample.gt_deblur.flip(1)
    assert torch.equal(model.forward_train(inputs, sample)["loss_deblur"], wanted)


def test_second_phase_leaves_what_is_frozen_bit_identical() -> None:
    losses = {"type": "TaskLosses", "sr": SR}
    model = build(pixel_loss=losses, freeze=["deblur"])
    before = {name: t.clone() for name, t in model.generator.state_dict().items()}
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        model.train()
        assert not any(m.training for m in model.generator.deblur.modules())
        assert model.generator.sr.training
        optimiser.zero_grad()
        total(model.forward_train(*batch(both=False))).backward()
        optimiser.step()
    changed = {n for n, t in model.generator.state_dict().items() if not torch.equal(t, before[n])}
    assert changed == {name for name in before if not name.startswith("deblur.")}
    without = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
    assert not without  # at which distributed training would stop


def test_first_phase_trains_on_a_plain_deblurring_set() -> None:
    losses = {"type": "TaskLosses", "deblur": DEBLUR}
    model = build(pixel_loss=losses, freeze=["fit", "sr"])
    found = model.forward_train(*batch(both=False, scale=1))
    assert set(found) == {"loss_deblur"}
    total(found).backward()
    assert {
        n.split(".")[0] for n, p in model.generator.named_parameters() if p.grad is not None
    } == {"deblur"}
    assert all(p.grad is not None for p in model.generator.deblur.parameters())


def test_a_test_set_says_which_image_is_measured() -> None:
    model = build().eval()
    inputs, sample = batch()
    both = model(inputs, mode="tensor")
    assert torch.equal(model(inputs, sample, mode="tensor"), both[1])
    sample.set_metainfo({"task": ["deblur", "deblur"]})
    assert torch.equal(model(inputs, sample, mode="tensor"), both[0])
    sample.set_metainfo({"task": ["denoise", "denoise"]})
    with pytest.raises(ValueError, match="task='denoise': choose one of sr, deblur"):
        model(inputs, sample, mode="tensor")


def test_unlabelled_samples_learn_from_the_teacher_alone(checkpoint: str) -> None:
    model = distilling(checkpoint)
    labelled = model.forward_train(*batch())
    assert set(labelled) == {"loss_deblur", "loss_sr", "loss_features", "loss_pseudo"}
    blind = model.forward_train(*batch(has_gt=[False, False]))
    assert blind["loss_deblur"] == blind["loss_sr"] == 0
    for name in ("loss_features", "loss_pseudo"):
        assert torch.equal(blind[name], labelled[name])
    mixed = model.forward_train(*batch(has_gt=[True, False]))
    inputs, sample = batch()
    alone = DataSample(gt_img=sample.gt_img[:1], gt_deblur=sample.gt_deblur[:1])
    alone.set_metainfo({"img_channel_order": ["rgb"]})
    first = model.forward_train(inputs[:1], alone)
    assert torch.allclose(mixed["loss_sr"], first["loss_sr"])
    total(mixed).backward()
    assert not [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]


def test_a_student_like_its_teacher_has_nothing_to_learn_from_it(checkpoint: str) -> None:
    """Invariant 6, and weight 0 leaves the plain model's losses."""
    model = distilling(checkpoint, channels=8)
    model.generator.load_state_dict(torch.load(checkpoint))
    for adapter in model.distill.adapters.values():
        for call in adapter.values():
            torch.nn.init.dirac_(call.conv.weight)
            torch.nn.init.zeros_(call.conv.bias)
    found = model.forward_train(*batch())
    # the teacher's blocks are merged and its layout is another, which rounds
    assert found["loss_pseudo"].item() < 1e-6
    assert found["loss_features"].item() < 1e-7
    plain = build(generator=network(8))
    plain.generator.load_state_dict(model.generator.state_dict())
    wanted = plain.forward_train(*batch())
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_teachers_are_measured_on_what_has_a_truth(checkpoint: str) -> None:
    model, samples = distilling(checkpoint), []
    for has_gt in (True, "deblur"):
        fields = {"gt_img": torch.full((3, 32, 32), 128, dtype=torch.uint8)}
        if has_gt == "deblur":
            fields["gt_img"] = torch.zeros_like(fields["gt_img"])
        sample = DataSample(**fields, gt_deblur=torch.zeros(3, 8, 8, dtype=torch.uint8))
        sample.set_metainfo({"has_gt": has_gt, "gt_channel_order": "rgb"})
        samples.append({"inputs": torch.full((3, 8, 8), 128.0), "data_samples": sample})
    found = measure(model, copy.deepcopy(samples), 2)
    assert found["bicubic"] == 100
    assert measure(model, copy.deepcopy(samples[1:]), 1) == {}
    assert found == pytest.approx(measure(model, copy.deepcopy(samples[:1]), 1))


def test_student_is_tested_as_a_plain_model_of_two_tasks(checkpoint: str) -> None:
    model = config("AdaptMultiTaskDistillEditModel", distill={}, adapt={})
    assert student_config(model) == config()
    assert MODELS.build(student_config(model)).generator.form == "both"


def test_infrared_without_truth_adapts_and_learns_from_the_teacher(checkpoint: str) -> None:
    plain = distilling(checkpoint)
    block = {"teachers": plain._teachers._configs, "taps": plain._teachers._taps}
    student = {
        "type": "SoftTargetLoss",
        "args": {"student": "student.out", "teacher": "teacher.out"},
    }
    model = build(
        kind="AdaptMultiTaskDistillEditModel",
        distill={**block, "losses": {"loss_pseudo": student}},
        adapt={"taps": LEVELS},
    )
    model.domain.reversal.set(0.05)
    inputs, sample = batch()
    found = model.forward_train({"img": inputs, "target_img": inputs.flip(0)}, sample)
    assert found["loss_sr_target"] == found["loss_deblur_target"] == 0
    assert found["loss_pseudo_target"] > 0
    assert {"loss_sr", "loss_deblur", "loss_domain", "domain_accuracy"} <= set(found)


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"freeze": ["deblurr"]},
            KeyError,
            r"freeze: the generator has no module 'deblurr'.*deblur",
        ),
        ({"pixel_loss": SR}, TypeError, r"pixel_loss is L1Loss; give dict\(type='TaskLosses'"),
    ],
)
def test_mistakes_in_a_config(changes: dict[str, Any], error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        build(**changes)


def test_truths_of_other_sizes() -> None:
    model = build()
    with pytest.raises(
        ValueError, match=r"'sr' is 20x28 for an input of 10x14, not 40x56: .*scale"
    ):
        model.forward_train(*batch(scale=2))
    with pytest.raises(ValueError, match=r"'deblur' is 40x56 .* not 10x14: .*give it gt_deblur"):
        model.forward_train(*batch(both=False))


def test_an_objective_called_as_a_task_is_refused() -> None:
    block = {
        "losses": {
            "loss_sr": {
                "type": "SoftTargetLoss",
                "args": {"student": "student.out", "teacher": "gt"},
            }
        }
    }
    with pytest.raises(KeyError, match="'loss_sr' is of pixel_loss; rename yours"):
        build(kind="MultiTaskDistillEditModel", distill=block)
