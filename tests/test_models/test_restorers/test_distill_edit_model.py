from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from mmagic.structures import DataSample

from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")


def build(folder: Path, change: Any = None) -> Any:
    block = tiny.distill_block(folder)
    if change is not None:
        change(block)
    torch.manual_seed(0)
    return MODELS.build(tiny.model_config(block))


def batch(n: int = 2) -> tuple[torch.Tensor, DataSample]:
    torch.manual_seed(1)
    return torch.rand(n, 3, 12, 12), DataSample(gt_img=torch.rand(n, 3, 24, 24))


def total(losses: dict[str, torch.Tensor]) -> torch.Tensor:
    return torch.stack([v for k, v in losses.items() if "loss" in k]).sum()


def test_terms_and_their_weights(tmp_path: Path) -> None:
    """Invariant 7."""
    model = build(tmp_path)
    losses = model.forward_train(*batch())
    assert set(losses) == {"loss_label", "loss_local", "loss_global", "loss_teacher"}
    weights = model.distill.weights()
    assert (
        sum([weights["loss_local"], weights["loss_teacher"], model.pixel_loss.loss_weight]) == 1.0
    )
    assert weights["loss_local"] == weights["loss_global"] == 0.25


def test_teacher_is_nowhere_in_the_model_and_never_changes(tmp_path: Path) -> None:
    """Invariant 2."""
    model = build(tmp_path)
    model.init_weights()
    teacher = model._teachers["teacher"].network
    before = {k: v.clone() for k, v in teacher.state_dict().items()}
    held = {id(p) for p in model.parameters()} | {id(b) for b in model.buffers()}
    assert not held & {id(t) for t in [*teacher.parameters(), *teacher.buffers()]}
    assert not any("teacher" in key and "adapters" not in key for key in model.state_dict())
    assert copy.deepcopy(model)._teachers is model._teachers
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(3):
        model.train()
        assert not any(m.training for m in teacher.modules())
        optimiser.zero_grad()
        total(model.forward_train(*batch())).backward()
        optimiser.step()
    assert all(torch.equal(before[k], v) for k, v in teacher.state_dict().items())
    assert all(p.grad is None and not p.requires_grad for p in teacher.parameters())


def test_state_dict_loads_in_the_plain_model(tmp_path: Path) -> None:
    model = build(tmp_path)
    plain = MODELS.build(student_config(tiny.model_config(tiny.distill_block(tmp_path))))
    missing, unexpected = plain.load_state_dict(model.state_dict(), strict=False)
    assert not missing
    assert all(key.startswith("distill.") for key in unexpected)


def test_every_student_parameter_gets_a_gradient(tmp_path: Path) -> None:
    """Invariant 3, first part."""
    model = build(tmp_path)
    total(model.forward_train(*batch())).backward()
    without = [n for n, p in model.named_parameters() if p.requires_grad and p.grad is None]
    assert not without


def test_recorded_features_are_those_of_a_manual_pass(tmp_path: Path) -> None:
    """Invariant 3, second part."""
    model, (lr, _) = build(tmp_path), batch()
    with model._student_taps.recording() as taps:
        model.generator(lr)
    shallow = model.generator.head(lr)
    first = model.generator.body[0](shallow)
    assert torch.equal(taps["local1"], first)
    assert torch.equal(
        taps["fused"], model.generator.tail(model.generator.body[1](first)) + shallow
    )
    recorded = model._teachers["teacher"]({"lr": lr, "gt": lr})
    teacher = model._teachers["teacher"].network
    entering = teacher.conv_1((lr - teacher.mean) * teacher.img_range)
    assert torch.allclose(recorded["local1"], teacher.block_1(entering), atol=1e-4)


def test_taps_fire_under_autocast(tmp_path: Path) -> None:
    model = build(tmp_path)
    model.init_weights()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        losses = model.forward_train(*batch())
    assert all(torch.isfinite(v) for v in losses.values())
    total(losses).backward()
    assert all(p.grad is not None for p in model.generator.parameters())


def test_taps_fire_under_fake_quant(tmp_path: Path) -> None:
    """Weights through a parametrisation, activations behind each convolution."""

    class FakeQuant(torch.nn.Module):
        def forward(self, w: torch.Tensor) -> torch.Tensor:
            scale = float(w.detach().abs().max()) / 127
            return torch.fake_quantize_per_tensor_affine(w, scale, 0, -128, 127)

    model = build(tmp_path)
    model.init_weights()
    fake = FakeQuant()
    for module in list(model.generator.modules()):
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.utils.parametrize.register_parametrization(module, "weight", FakeQuant())
            module.register_forward_hook(lambda _m, _i, out: fake(out))
    lr, sample = batch()
    with model._student_taps.recording() as taps:
        model.generator(lr)
    manual = model.generator.body[0](model.generator.head(lr))
    assert torch.equal(taps["local1"], manual)
    total(model.forward_train(lr, sample)).backward()
    assert all(p.grad is not None for p in model.generator.parameters())


def test_taps_fire_under_compile(tmp_path: Path) -> None:
    model = build(tmp_path)
    model.init_weights()
    eager = {k: v.item() for k, v in model.forward_train(*batch()).items()}
    model.generator.compile(backend="aot_eager")
    compiled = {k: v.item() for k, v in model.forward_train(*batch()).items()}
    assert compiled == pytest.approx(eager, rel=1e-4)


def test_teacher_equal_to_the_student_leaves_nothing_to_imitate(tmp_path: Path) -> None:
    """Invariant 6."""
    checkpoint = tmp_path / "student.pth"

    def same(block: dict[str, Any]) -> None:
        block["teachers"]["teacher"] = {"generator": tiny.student(), "checkpoint": str(checkpoint)}
        block["taps"]["teacher"] = copy.deepcopy(block["taps"]["student"])

    torch.manual_seed(0)
    source = MODELS.build(tiny.student())
    torch.save(source.state_dict(), checkpoint)
    model = build(tmp_path, same)
    model.generator.load_state_dict(source.state_dict())
    losses = model.forward_train(*batch())
    assert [losses[k].item() for k in ("loss_local", "loss_global", "loss_teacher")] == [0, 0, 0]
    assert losses["loss_label"].item() > 0


def test_privileged_teacher_reads_the_truth(tmp_path: Path) -> None:
    def privileged(block: dict[str, Any]) -> None:
        block["teachers"] = {
            "teacher": {"generator": {"type": "Bicubic", "scale": 2}, "input": "gt"}
        }
        block.pop("adapters")
        block["taps"].pop("teacher")
        term = {"type": "HalfSize", "args": {"student": "student.out", "teacher": "teacher.out"}}
        block["losses"] = {"loss_t": term}

    class HalfSize(torch.nn.Module):
        def forward(self, student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
            assert teacher.shape[-1] == 2 * student.shape[-1]
            return student.mean() * 0

    MODELS.register_module(name="HalfSize", module=HalfSize, force=True)
    assert "loss_t" in build(tmp_path, privileged).forward_train(*batch())


def test_several_teachers_and_chunks_agree_with_one_pass(tmp_path: Path) -> None:
    def two(block: dict[str, Any]) -> None:
        block["teachers"]["second"] = {**block["teachers"]["teacher"], "chunk": 1}
        block["losses"]["loss_second"] = {
            "type": "SoftTargetLoss",
            "weight": 0.25,
            "args": {"student": "student.out", "teacher": "second.out"},
        }

    losses = build(tmp_path, two).forward_train(*batch(3))
    assert losses["loss_second"].item() == pytest.approx(losses["loss_teacher"].item(), rel=1e-5)


def test_building_teachers_draws_no_random_numbers(tmp_path: Path) -> None:
    model = build(tmp_path)
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    model.check_distillation()
    assert torch.equal(torch.rand(4), expected)


def test_test_mode_builds_no_teacher(tmp_path: Path) -> None:
    model = build(tmp_path, lambda b: b["teachers"]["teacher"].update(checkpoint="nowhere.pth"))
    model.eval()
    assert model(torch.rand(1, 3, 8, 8), mode="tensor").shape == (1, 3, 16, 16)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda b: b.update(teacher={}), "distill: unknown key 'teacher'; nearest: teachers"),
        (
            lambda b: b["teachers"]["teacher"].update(ckpt="x"),
            "distill.teachers.teacher: unknown key 'ckpt'",
        ),
        (lambda b: b["taps"].update(techer={}), "no network is called 'techer'; nearest: teacher"),
        (
            lambda b: b["taps"]["teacher"].update(local1="blok_1"),
            "SPAN has no module 'blok_1'; nearest: block_1",
        ),
        (
            lambda b: b["teachers"]["teacher"].update(input="hr"),
            "'hr' is unknown; choose one of lr, gt",
        ),
        (lambda b: b["teachers"]["teacher"].pop("checkpoint"), "would teach noise"),
        (lambda b: b.pop("adapters"), "no tensor is called 'R.local"),
    ],
)
def test_mistakes_in_the_block(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        build(tmp_path, change).init_weights()


def test_shapes_that_cannot_meet_are_found_before_training(tmp_path: Path) -> None:
    def without_adapter(block: dict[str, Any]) -> None:
        block["losses"]["loss_local"]["args"]["teacher"] = "teacher.local*"

    with pytest.raises(ValueError, match=r"\(2, 8, 32, 32\).*\(2, 12, 32, 32\).*ChannelGroupMean"):
        build(tmp_path, without_adapter).init_weights()


def test_a_weight_that_comes_later_is_tried_before_training(tmp_path: Path) -> None:
    def later(block: dict[str, Any]) -> None:
        local = block["losses"]["loss_local"]
        local["args"]["teacher"] = "teacher.local*"
        local["weight"] = {"kind": "linear", "start": 0.0, "end": 0.25, "begin_at": 0.5}

    with pytest.raises(ValueError, match="ChannelGroupMean"):
        build(tmp_path, later).init_weights()


def test_teachers_follow_the_model_wherever_and_whenever(tmp_path: Path) -> None:
    early, late = build(tmp_path), build(tmp_path)
    early.check_distillation()
    for model in (early, late):
        model.to("meta")  # a second device that every machine has
    assert next(early._teachers["teacher"].network.parameters()).device.type == "meta"
    assert next(late._teachers["teacher"].network.parameters()).device.type == "meta"


def test_half_precision_of_the_model_leaves_the_teacher_alone(tmp_path: Path) -> None:
    model = build(tmp_path)
    model.check_distillation()
    teacher = model._teachers["teacher"].network
    before = {k: v.clone() for k, v in teacher.state_dict().items()}
    model.half()
    after = teacher.state_dict()
    assert all(
        torch.equal(before[k], after[k]) and after[k].dtype == before[k].dtype for k in before
    )
