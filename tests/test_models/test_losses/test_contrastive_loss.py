"""FACD's contrast, against recomputations that make every pair."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from mmsrkd.models.losses import ContrastiveRatioLoss, InfoNCELoss, contrastive_loss
from mmsrkd.models.losses.pairwise import loop_gradient, pairwise_l1


def maps(count: int = 4, **options: object) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    student, teacher = (
        torch.randn(count, 3, 4, 5, generator=generator, dtype=torch.float64) for _ in range(2)
    )
    return student, teacher, torch.tensor([1.0, 0.0, 1.0, 1.0][:count], dtype=torch.float64)


def every_pair(a: Tensor, b: Tensor) -> Tensor:
    return (a[:, None] - b[None]).abs().mean(dim=(2, 3, 4))


def ratio(student: Tensor, teacher: Tensor, gate: Tensor, *, detach: bool = True) -> Tensor:
    """Eq. 4, sample by sample."""
    total = student.new_zeros(())
    own = student.detach() if detach else student
    for i in range(len(student)):
        others = [k for k in range(len(student)) if k != i]
        negatives = [teacher[k] for k in others] + [own[k] for k in others]
        away = sum((student[i] - n).abs().mean() for n in negatives)
        total = total + gate[i] * (student[i] - teacher[i]).abs().mean() / away
    return total


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_pairwise_distances_and_both_gradients_are_those_of_broadcasting(layout) -> None:
    a, b, _ = maps()
    a, b = (x.contiguous(memory_format=layout).requires_grad_() for x in (a, b[:3]))
    factors = torch.arange(12, dtype=torch.float64).view(4, 3)
    results = []
    for distance in (pairwise_l1, every_pair):
        value = distance(a, b)
        results.append((value, *torch.autograd.grad((value * factors).sum(), (a, b))))
    for ours, wanted in zip(*results, strict=True):
        assert torch.allclose(ours, wanted, atol=1e-12)


def test_distances_to_itself_are_those_to_a_copy() -> None:
    a, _, _ = maps()
    assert torch.allclose(pairwise_l1(a, a), every_pair(a, a), atol=1e-14)
    assert torch.allclose(pairwise_l1(a, a.clone()), every_pair(a, a), atol=1e-14)
    assert pairwise_l1(a[:1], a[:1]).tolist() == [[0.0]]


def test_pairwise_gradients_by_finite_differences() -> None:
    a, b, _ = maps()
    assert torch.autograd.gradcheck(pairwise_l1, (a.requires_grad_(), b[:2].requires_grad_()))


def test_the_loop_that_gpus_take_has_the_same_gradient() -> None:
    a, b, _ = maps()
    factors = torch.arange(12, dtype=torch.float64).view(4, 3)
    value = (pairwise_l1(a.requires_grad_(), b[:3]) * factors).sum()
    loop = loop_gradient(factors / 60, a.detach().flatten(1), b[:3].flatten(1))
    assert torch.allclose(torch.autograd.grad(value, a)[0].flatten(1), loop, atol=1e-14)


def test_gradients_do_not_depend_on_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, _ = maps()
    whole = torch.autograd.grad(pairwise_l1(a.requires_grad_(), b).square().sum(), a)[0]
    monkeypatch.setattr("mmsrkd.models.losses.pairwise.CPU_BLOCK", 7)  # 60 = 8 * 7 + 4
    blocks = torch.autograd.grad(pairwise_l1(a, b).square().sum(), a)[0]
    assert torch.allclose(whole, blocks, atol=1e-14)


@pytest.mark.parametrize("detach", [True, False])
def test_equation_4_and_its_gradient(detach: bool) -> None:
    student, teacher, gate = maps()
    student.requires_grad_()
    ours = ContrastiveRatioLoss(detach_negatives=detach)(student, teacher, gate)
    wanted = ratio(student, teacher, gate, detach=detach)
    assert ours.item() == pytest.approx(wanted.item(), rel=1e-6)
    gradients = [torch.autograd.grad(value, student)[0] for value in (ours, wanted)]
    assert torch.allclose(*gradients, rtol=1e-5, atol=1e-9)


def test_gradcheck_of_the_whole_loss() -> None:
    student, teacher, gate = maps()
    loss = ContrastiveRatioLoss(normalise="pixel", detach_negatives=False)
    assert torch.autograd.gradcheck(
        lambda s, t: loss(s, t, gate), (student.requires_grad_(), teacher)
    )


def test_weights_of_taps() -> None:
    student, teacher, gate = maps()
    loss = ContrastiveRatioLoss(tap_weights=[0.5, 0.3])(
        [student, teacher], [teacher, student], gate
    )
    wanted = 0.5 * ratio(student, teacher, gate) + 0.3 * ratio(teacher, student, gate)
    assert loss.item() == pytest.approx(wanted.item(), rel=1e-6)


@pytest.mark.parametrize("count", [2, 5])
def test_number_of_negatives_is_twice_the_others(count: int) -> None:
    """Samples at the corners of a simplex, so every distance is the same: the ratio is 1 / K."""
    student = torch.eye(2 * count)[:count].view(count, -1, 1, 1)
    teacher = torch.eye(2 * count)[count:].view(count, -1, 1, 1)
    loss = ContrastiveRatioLoss()(student, teacher)
    assert loss.item() == pytest.approx(count / (2 * (count - 1)), rel=1e-5)


def test_order_of_the_batch_does_not_matter() -> None:
    student, teacher, gate = maps()
    order = torch.tensor([2, 0, 3, 1])
    for loss in (ContrastiveRatioLoss(normalise="sample"), InfoNCELoss()):
        shuffled = loss(student[order], teacher[order], gate[order])
        assert shuffled.item() == pytest.approx(loss(student, teacher, gate).item(), rel=1e-12)


def test_teacher_equal_to_the_student_and_a_closed_gate_leave_nothing() -> None:
    student, teacher, gate = maps()
    assert ContrastiveRatioLoss()(student, student, gate).item() == 0
    assert ContrastiveRatioLoss()(student, teacher, torch.zeros_like(gate)).item() == 0


@pytest.mark.parametrize("normalise", ["pixel", "sample"])
def test_normalised_loss_is_blind_to_the_length(normalise: str) -> None:
    student, teacher, gate = maps()
    loss = ContrastiveRatioLoss(normalise=normalise)
    assert loss(student, 7 * teacher, gate).item() == pytest.approx(
        loss(student, teacher, gate).item(), rel=1e-6
    )


@pytest.mark.parametrize("kind", [ContrastiveRatioLoss, InfoNCELoss])
def test_batch_of_one_falls_back_to_l1_and_says_so_once(kind, monkeypatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(contrastive_loss, "print_log", lambda text, *_, **__: said.append(text))
    loss, (student, teacher, gate) = kind(normalise="none"), maps(1)
    wanted = (student - teacher).abs().mean().item()
    assert [loss(student, teacher, gate).item() for _ in range(2)] == pytest.approx([wanted] * 2)
    assert len(said) == 1
    assert "a batch of one has no negatives" in said[0]


def test_infonce_is_a_cross_entropy_among_teachers_and_other_students() -> None:
    student, teacher, gate = maps()
    s, t = (torch.nn.functional.normalize(x.flatten(1), dim=1) for x in (student, teacher))
    total = 0.0
    for i in range(4):
        others = [k for k in range(4) if k != i]
        logits = torch.stack([s[i] @ t[i], *(s[i] @ x[k] for x in (t, s) for k in others)]) / 0.07
        assert len(logits) == 1 + 2 * 3
        total += gate[i].item() * -torch.log_softmax(logits, dim=0)[0].item()
    assert InfoNCELoss()(student, teacher, gate).item() == pytest.approx(total / 4, rel=1e-6)
    free = InfoNCELoss(detach_negatives=False)
    assert torch.autograd.gradcheck(lambda x: free(x, teacher, gate), student.requires_grad_())


def test_what_is_not_offered_is_named() -> None:
    with pytest.raises(ValueError, match="normalise='channel' is unknown; choose one of none"):
        ContrastiveRatioLoss(normalise="channel")
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        InfoNCELoss(temperature=0)
    x = torch.zeros(2, 1, 2, 2)
    with pytest.raises(ValueError, match="ContrastiveRatioLoss: tap_weights has 3 values for 1"):
        ContrastiveRatioLoss(tap_weights=[0.5, 0.3, 0.2])(x, x)
