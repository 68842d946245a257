from __future__ import annotations

import pytest
import torch

from mmsrkd.adaptation import GradientReversal, reverse_gradient


@pytest.mark.parametrize("strength", [0.0, 0.3, 2.0])
def test_identity_forwards_and_minus_lambda_backwards_numerically(strength: float) -> None:
    """Central differences of the same function without reversal give the gradient to turn."""
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    weights = torch.randn(2, 3, dtype=torch.float64)

    def function(value: torch.Tensor) -> torch.Tensor:
        return (weights * value**3).sum()

    out = reverse_gradient(x, strength)
    assert torch.equal(out, x)
    function(out).backward()
    step = 1e-6
    for index in range(x.numel()):
        shift = torch.zeros(x.numel(), dtype=torch.float64)
        shift[index] = step
        shift = shift.view_as(x)
        slope = (function(x.detach() + shift) - function(x.detach() - shift)) / (2 * step)
        assert x.grad.flatten()[index] == pytest.approx(-strength * slope.item(), rel=1e-6)


def test_gradient_keeps_its_type() -> None:
    x = torch.randn(4, dtype=torch.bfloat16, requires_grad=True)
    reverse_gradient(x, torch.tensor(0.5)).sum().backward()
    assert x.grad.dtype == torch.bfloat16
    assert torch.equal(x.grad, torch.full((4,), -0.5, dtype=torch.bfloat16))


def test_strength_is_no_state_and_has_to_be_set() -> None:
    reversal = GradientReversal()
    assert not reversal.state_dict()
    with pytest.raises(RuntimeError, match=r"add dict\(type='GradientReversalHook'\)"):
        reversal(torch.zeros(1))
    with pytest.raises(ValueError, match=r"at least 0, got -0\.1"):
        reversal.set(-0.1)
