from __future__ import annotations

import torch

from mmsrkd.models.losses.distance import mean_absolute_difference


def test_value_and_gradients_are_those_of_the_formula() -> None:
    torch.manual_seed(0)
    a, b = torch.randn(2, 3, 4, 5, dtype=torch.float64), torch.randn(2, 3, 4, 5).double()
    b[0, 0] = a[0, 0]  # ties take no gradient
    found, wanted = [(a.clone().requires_grad_(), b.clone().requires_grad_()) for _ in range(2)]
    loss, formula = mean_absolute_difference(*found), (wanted[0] - wanted[1]).abs().mean()
    assert torch.equal(loss, formula)
    (3 * loss).backward()
    (3 * formula).backward()
    for ours, theirs in zip(found, wanted, strict=True):
        assert torch.allclose(ours.grad, theirs.grad, atol=1e-15)


def test_a_frozen_side_takes_no_gradient() -> None:
    a, b = torch.randn(4).requires_grad_(), torch.randn(4)
    mean_absolute_difference(a, b).backward()
    assert b.grad is None
    assert torch.equal(a.grad, (a - b).sign() / 4)
