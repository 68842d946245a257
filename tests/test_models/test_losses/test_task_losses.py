"""Losses of several tasks, with samples that have no truth."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from mmsrkd.models.losses import SpectralL1Loss, TaskLosses

L1 = {"type": "L1Loss", "loss_weight": 1.0, "reduction": "mean"}
pytestmark = pytest.mark.usefixtures("scope")


def batch(count: int = 3) -> tuple[dict[str, Tensor | list[Tensor]], dict[str, Tensor]]:
    torch.manual_seed(0)
    scales = [torch.rand(count, 3, side, side, requires_grad=True) for side in (2, 4, 8)]
    sr = torch.rand(count, 3, 16, 16, requires_grad=True)
    truths = {"deblur": torch.rand(count, 3, 8, 8), "sr": torch.rand(count, 3, 16, 16)}
    return {"deblur": scales, "sr": sr}, truths


def test_each_task_has_its_own_loss() -> None:
    images, truths = batch()
    losses = TaskLosses(deblur={"type": "SpectralL1Loss", "weight": 0.1}, sr=L1)
    found = losses(images, truths)
    assert set(found) == {"loss_deblur", "loss_sr"}
    wanted = SpectralL1Loss(0.1)(images["deblur"], truths["deblur"])
    assert torch.equal(found["loss_deblur"], wanted)
    assert torch.allclose(found["loss_sr"], (images["sr"] - truths["sr"]).abs().mean())
    assert TaskLosses(sr=L1).tasks == ("sr",)


def test_mean_is_over_the_samples_that_have_a_truth() -> None:
    images, truths = batch()
    losses = TaskLosses(deblur={"type": "SpectralL1Loss", "weight": 0.1}, sr=L1)
    found = losses(images, truths, has_gt=[True, False, "deblur"])
    first = {"deblur": [scale[[0, 2]] for scale in images["deblur"]], "sr": images["sr"][:1]}
    wanted = losses(first, {"deblur": truths["deblur"][[0, 2]], "sr": truths["sr"][:1]})
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    sum(found.values()).backward()
    assert not images["deblur"][0].grad[1].any()
    assert not images["sr"].grad[1:].any()


def test_no_truth_at_all_is_zero_and_still_has_a_gradient() -> None:
    images, truths = batch()
    losses = TaskLosses(deblur={"type": "SpectralL1Loss"}, sr=L1)
    found = losses(images, truths, has_gt=[False] * 3)
    assert [value.item() for value in found.values()] == [0.0, 0.0]
    sum(found.values()).backward()
    assert all(scale.grad is not None and not scale.grad.any() for scale in images["deblur"])


def test_no_task_is_refused() -> None:
    with pytest.raises(ValueError, match="no task to train: give a loss for `deblur`, `sr`"):
        TaskLosses()
