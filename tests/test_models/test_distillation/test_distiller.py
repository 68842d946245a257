from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import torch

from mmsrkd.models.distillation import Distiller

TAPS = {"student": ["f1", "f2"], "teacher": ["f1", "f2"], "assistant": []}
L1 = {"type": "FeatureL1Loss", "args": {"student": "student.f*", "teacher": "teacher.f*"}}


def named(channels: int = 2, teacher_channels: int = 2) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    tensors = {"lr": torch.rand(2, 3, 4, 4), "gt": torch.rand(2, 3, 8, 8)}
    for owner, width in (("student", channels), ("teacher", teacher_channels)):
        tensors[f"{owner}.out"] = torch.rand(2, 3, 8, 8, requires_grad=owner == "student")
        for tap in ("f1", "f2"):
            tensors[f"{owner}.{tap}"] = torch.rand(2, width, 4, 4)
    return tensors


def build(losses: dict[str, Any], **parts: Any) -> Distiller:
    return Distiller(TAPS, copy.deepcopy(losses), **parts)


def test_weights_sum_terms_and_log_each_under_its_own_name() -> None:
    distiller = build(
        {
            "loss_local": {**L1, "weight": 0.25},
            "loss_teacher": {
                "type": "SoftTargetLoss",
                "weight": 0.5,
                "args": {"student": "student.out", "teacher": "teacher.out"},
            },
        }
    )
    tensors = named()
    losses = distiller(tensors, progress=0.0)
    assert set(losses) == {"loss_local", "loss_teacher"}
    local = (
        sum((tensors[f"student.f{i}"] - tensors[f"teacher.f{i}"]).abs().mean() for i in (1, 2)) / 2
    )
    assert losses["loss_local"].item() == pytest.approx(0.25 * local.item())
    assert distiller.weights() == {"loss_local": 0.25, "loss_teacher": 0.5}


def test_adapters_are_paired_in_order_and_have_weights_of_their_own() -> None:
    distiller = build(
        {"loss_local": {**L1, "args": {"student": "A.f*", "teacher": "teacher.f*"}}},
        adapters={
            "A": {"type": "Conv1x1", "on": "student.f*", "in_channels": 2, "out_channels": 5}
        },
    )
    assert len(distiller.adapters["A"]) == 2
    assert not torch.equal(
        distiller.adapters["A"]["f1"].conv.weight, distiller.adapters["A"]["f2"].conv.weight
    )
    distiller(named(teacher_channels=5), 0.0)["loss_local"].backward()
    assert all(p.grad is not None for p in distiller.parameters())


def test_an_adapter_may_work_on_another() -> None:
    distiller = build(
        {"loss_x": {**L1, "args": {"student": "A.f1", "teacher": "teacher.f1"}}},
        adapters={
            "N": {"type": "ChannelNormalise", "on": "student.f1"},
            "A": {"type": "Conv1x1", "on": "N.f1", "in_channels": 2, "out_channels": 2},
        },
    )
    tensors, conv = named(), distiller.adapters["A"]["f1"].conv
    unit = torch.nn.functional.normalize(tensors["student.f1"], dim=1)
    expected = (conv(unit) - tensors["teacher.f1"]).abs().mean()
    assert distiller(tensors, 0.0)["loss_x"].item() == pytest.approx(expected.item(), rel=1e-4)


def test_indicator_is_computed_once_and_its_mean_logged_without_being_trained_on() -> None:
    distiller = build(
        {
            "loss_x": {
                "type": "SoftTargetLoss",
                "args": {"student": "student.out", "teacher": "teacher.out"},
            }
        },
        indicators={
            "alpha": {
                "type": "TeacherCloser",
                "args": {"student": "student.out", "teacher": "teacher.out", "gt": "gt"},
            }
        },
    )
    assert set(distiller(named(), 0.0)) == {"loss_x"}, "an indicator nobody reads is not computed"


def test_indicator_truth_table() -> None:
    from mmsrkd.models.distillation import TeacherCloser

    gt = torch.zeros(3, 1, 2, 2)
    student = torch.tensor([1.0, 2.0, 3.0]).view(3, 1, 1, 1).expand_as(gt)
    teacher = torch.full_like(gt, 2.0)
    assert TeacherCloser()(student, teacher, gt).tolist() == [0.0, 1.0, 1.0]


def test_weight_zero_skips_what_has_no_parameters_and_multiplies_what_has() -> None:
    silent = build({"loss_local": {**L1, "weight": 0.0}})
    assert silent(named(), 0.0) == {}
    assert silent.needed_teachers(0.0) == []
    learnt = build(
        {"loss_local": {**L1, "weight": 0.0, "args": {"student": "A.f*", "teacher": "teacher.f*"}}},
        adapters={
            "A": {"type": "Conv1x1", "on": "student.f*", "in_channels": 2, "out_channels": 2}
        },
    )
    losses = learnt(named(), 0.0)
    losses["loss_local"].backward()
    assert losses["loss_local"].item() == 0
    assert all(p.grad is not None and not p.grad.any() for p in learnt.parameters())


def test_only_teachers_that_are_read_are_needed() -> None:
    assert build({"loss_local": L1}).needed_teachers(0.0) == ["teacher"]


def test_objectives_run_in_float32() -> None:
    tensors = {k: v.bfloat16() for k, v in named().items()}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert build({"loss_local": L1})(tensors, 0.0)["loss_local"].dtype == torch.float32


@pytest.mark.parametrize(
    ("losses", "parts", "message"),
    [
        ({"local": L1}, {}, "must start with 'loss_'"),
        (
            {"loss_x": {**L1, "args": {"student": "student.f3", "teacher": "teacher.f1"}}},
            {},
            "no tensor is called 'student.f3'; nearest: student.f",
        ),
        (
            {"loss_x": {**L1, "args": {"studnt": "student.f1", "teacher": "teacher.f1"}}},
            {},
            "no argument 'studnt'; nearest: student",
        ),
        (
            {"loss_x": {**L1, "tap_weigths": [1, 1]}},
            {},
            "unknown key 'tap_weigths'; nearest: tap_weights",
        ),
        ({"loss_x": {"type": "FeatureL1Loss"}}, {}, "needs `args`"),
        (
            {"loss_x": {**L1, "args": {"student": "student.f1"}}},
            {},
            "also needs teacher",
        ),
        (
            {"loss_x": L1},
            {"adapters": {"student": {"type": "ChannelGroupMean", "on": "teacher.f1"}}},
            "'student' is taken by a network",
        ),
        (
            {"loss_x": L1},
            {
                "adapters": {
                    "R": {"type": "ChannelGroupMean", "on": "teacher.f*", "like": "student.f1"}
                }
            },
            "paired in order",
        ),
        ({"loss_label": L1}, {}, "'loss_label' is"),
        (
            {"loss_x": L1},
            {"indicators": {"loss_gate": {"type": "TeacherCloser", "args": {}}}},
            "mmengine trains on every logged name",
        ),
        (
            {"loss_x": L1},
            {
                "adapters": {
                    "A": {
                        "type": "ChannelGroupMean",
                        "on": ["student.f1", "teacher.f1"],
                        "like": ["student.f2", "teacher.f2"],
                    }
                }
            },
            "two tensors are called 'f1'",
        ),
        (
            {"loss_x": L1},
            {
                "adapters": {
                    "A": {
                        "type": "Conv1x1",
                        "on": "student.f1",
                        "in_channels": 2,
                        "out_channels": 2,
                    }
                }
            },
            "no objective reads A.f1, which has weights to train",
        ),
        ({"loss_x": {**L1, "wieght": 0.5}}, {}, "unknown key 'wieght'; nearest: weight"),
        (
            {"loss_x": {"type": "FeatureL7Loss", "args": {}}},
            {},
            "FeatureL7Loss is not in the model registry",
        ),
    ],
)
def test_mistakes_are_found_when_the_block_is_built(
    losses: dict, parts: dict, message: str
) -> None:
    with pytest.raises((KeyError, TypeError, ValueError), match=message):
        build(losses, **parts)


@pytest.mark.parametrize("owner", ["ind", "lr", "gt", "my.teacher"])
def test_names_a_teacher_cannot_have(owner: str) -> None:
    with pytest.raises(KeyError, match="cannot be a teacher's name"):
        Distiller({"student": [], owner: []}, {})


def test_losses_of_mmagic_serve_as_objectives() -> None:
    args = {"pred": "student.out", "target": "teacher.out"}
    losses = build({"loss_x": {"type": "L1Loss", "args": args}})(named(), 0.0)
    tensors = named()
    expected = (tensors["student.out"] - tensors["teacher.out"]).abs().mean()
    assert losses["loss_x"].item() == pytest.approx(expected.item())


def test_every_evaluates_what_has_no_weight_yet() -> None:
    later = {"kind": "linear", "start": 0.0, "end": 0.25, "begin_at": 0.5}
    distiller = build({"loss_local": {**L1, "weight": later}})
    assert distiller(named(), 0.0) == {}
    with pytest.raises(ValueError, match="ChannelGroupMean"):
        distiller(named(teacher_channels=3), 0.0, every=True)


@pytest.mark.parametrize(("ours", "theirs"), [(2, 3), (3, 2)])
def test_what_the_message_says_to_add_makes_them_meet(ours: int, theirs: int) -> None:
    """Literally: the text of the adapters, and the names in place of those of the loss."""
    tensors = named(channels=ours, teacher_channels=theirs)
    with pytest.raises(
        ValueError, match=r"distill\.losses\.loss_local: FeatureL1Loss, tap 0"
    ) as told:
        build({"loss_local": L1})(tensors, 0.0)
    text = str(told.value)
    found = re.search(r"adapters=(.*), and name (\[.*\]) instead of (\[.*\]) in this loss", text)
    assert found is not None, text
    adapters, new, old = (eval(part) for part in found.groups())
    side = old[0].partition(".")[0]
    args = {**L1["args"], side: new}
    losses = build({"loss_local": {**L1, "args": args}}, adapters=adapters)(tensors, 0.0)
    assert losses["loss_local"].isfinite()
    assert f"Conv1x1', in_channels={ours}" in text or "ChannelGroupMean" in text


@pytest.mark.parametrize(
    ("tensors", "adapters", "args", "message"),
    [
        (
            {"student.out": (2, 3, 4, 4), "teacher.out": (2, 3, 8, 8)},
            {},
            {"student": "student.out", "teacher": "teacher.out"},
            r"loss_x: .*these are images of different size: take a teacher of the student's scale",
        ),
        (
            {"student.f1": (2, 4, 4, 4), "teacher.f1": (2, 4, 2, 8)},
            {},
            {"student": "student.f1", "teacher": "teacher.f1"},
            "tap both networks at one resolution",
        ),
        (
            {"student.f1": (2, 4, 4, 4), "teacher.f1": (2, 6, 4, 4)},
            {"A": {"type": "Conv1x1", "on": "student.f1", "in_channels": 4, "out_channels": 5}},
            {"student": "A.f1", "teacher": "teacher.f1"},
            "set out_channels=6 in adapters.A",
        ),
        (
            {"student.f1": (2, 4, 4, 4), "teacher.f1": (2, 6, 4, 4)},
            {
                "A": {
                    "type": "DeepRegressor",
                    "on": "student.f1",
                    "in_channels": 5,
                    "out_channels": 6,
                }
            },
            {"student": "A.f1", "teacher": "teacher.f1"},
            r"distill.adapters.A on student.f1: DeepRegressor was built with in_channels=5 and is "
            r"given \(2, 4, 4, 4\); set in_channels=4",
        ),
    ],
)
def test_what_cannot_meet_is_told_with_its_place(
    tensors: dict[str, Any], adapters: dict[str, Any], args: dict[str, str], message: str
) -> None:
    made = named() | {name: torch.rand(shape) for name, shape in tensors.items()}
    losses = {"loss_x": {"type": "SoftTargetLoss", "args": args}}
    with pytest.raises(ValueError, match=message):
        build(losses, adapters=adapters)(made, 0.0)


def test_affinities_name_the_shapes_they_were_given() -> None:
    """Widths may differ there, sizes not."""
    args = {"student": "student.f1", "teacher": "teacher.f1"}
    distiller = build({"loss_x": {"type": "SpatialAffinityLoss", "args": args}})
    tensors = named() | {"teacher.f1": torch.rand(2, 5, 4, 4)}
    assert distiller(tensors, 0.0)["loss_x"].isfinite()
    tensors |= {"student.f1": torch.rand(2, 6, 3, 3)}
    with pytest.raises(ValueError, match=r"gives \(2, 6, 3, 3\), the teacher \(2, 5, 4, 4\)"):
        distiller(tensors, 0.0)
