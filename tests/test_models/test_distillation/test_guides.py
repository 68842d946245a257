from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from mmengine.logging import MessageHub

from mmsrkd.models.distillation import LearntMixture, MeanOf, RandomGuide
from mmsrkd.models.losses import GuidanceLoss


def images(count: int) -> list[torch.Tensor]:
    torch.manual_seed(1)
    return [torch.rand(2, 3, 6, 6) for _ in range(count)]


def masks(guide: RandomGuide, steps: int, teachers: int = 3) -> torch.Tensor:
    hub = MessageHub.get_current_instance()
    found = []
    for step in range(steps):
        hub.update_info("iter", step)
        found.append(guide(images(teachers)))
    hub.update_info("iter", 0)
    return torch.stack(found)


def test_guides_stay_as_often_as_said_and_never_all_go() -> None:
    drawn = masks(RandomGuide(keep=0.75), 400)
    assert drawn.mean().item() == pytest.approx(0.75 + 0.25**3 / 3, abs=0.04)
    assert drawn.sum(dim=1).min() == 1
    assert drawn.std(dim=0).min() > 0, "every teacher goes at times"
    assert masks(RandomGuide(keep=0.0, at_least=2), 20).sum(dim=1).tolist() == [2.0] * 20
    assert not masks(RandomGuide(keep=0.0, at_least=0), 5).any()
    assert masks(RandomGuide(keep=1.0), 5).all()


def test_draws_depend_on_the_step_and_move_nothing() -> None:
    guide, some = RandomGuide(0.5), images(8)
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = guide(some)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(3)  # dropout of the student, say
    assert torch.equal(guide(some), first)
    torch.manual_seed(6)
    assert not torch.equal(guide(some), first)


def test_mixture_begins_as_the_mean_and_learns() -> None:
    some = images(3)
    mixture = LearntMixture(3)
    assert torch.allclose(mixture(some), MeanOf()(some), atol=1e-6)
    assert torch.allclose(MeanOf()(some), (some[0] + some[1] + some[2]) / 3)
    optimiser = torch.optim.Adam(mixture.parameters(), lr=0.01)
    before = F.l1_loss(mixture(some), some[1]).item()
    for _ in range(30):
        optimiser.zero_grad()
        loss = F.l1_loss(mixture(some), some[1])
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.5 * before
    with pytest.raises(ValueError, match="built for 3 teachers, given 2"):
        mixture(some[:2])


def test_guidance_is_the_gated_sum_and_trains_the_student_alone() -> None:
    first, second = images(2)
    student = torch.zeros_like(first, requires_grad=True)
    second.requires_grad_()
    found = GuidanceLoss()(student, [first, second], torch.tensor([1.0, 0.5]))
    assert found.item() == pytest.approx((first.mean() + 0.5 * second.mean()).item(), rel=1e-5)
    found.backward()
    assert student.grad is not None
    assert second.grad is None
    assert GuidanceLoss()(student, first).item() == pytest.approx(first.mean().item(), rel=1e-5)
    with pytest.raises(ValueError, match="1 gates for 2 teachers"):
        GuidanceLoss()(student, [first, second], torch.ones(1))


def test_bad_settings() -> None:
    with pytest.raises(ValueError, match=r"keep in \[0, 1\]"):
        RandomGuide(keep=1.5)
    with pytest.raises(ValueError, match="two teachers or more"):
        LearntMixture(1)
