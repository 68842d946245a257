from __future__ import annotations

import pytest
import torch

from mmsrkd.models.losses.unit_channels import EPS, unit_channels


def plain(x: torch.Tensor) -> torch.Tensor:
    return x / (torch.linalg.vector_norm(x, dim=1, keepdim=True) + EPS)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_value_and_gradient_are_those_of_autograd(layout: torch.memory_format) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 3, 4, 5, dtype=torch.float64).contiguous(memory_format=layout)
    x[0, :, 0, 0] *= 1e-7  # a pixel where the constant counts
    assert torch.autograd.gradcheck(unit_channels, x[1:].requires_grad_())
    x.requires_grad_()
    direction = torch.randn_like(x)
    torch.testing.assert_close(unit_channels(x), plain(x))
    ours, autograd = (
        torch.autograd.grad((f(x) * direction).sum(), x)[0] for f in (unit_channels, plain)
    )
    torch.testing.assert_close(ours, autograd)


def test_a_pixel_of_zeros_stays_zero_and_is_as_in_autograd() -> None:
    x = torch.zeros(1, 3, 2, 2, requires_grad=True)
    units = unit_channels(x)
    assert not units.any()
    ours, autograd = (torch.autograd.grad(f(x).sum(), x)[0] for f in (unit_channels, plain))
    torch.testing.assert_close(ours, autograd)


def test_half_precision_does_not_overflow() -> None:
    x = torch.full((1, 4, 1, 1), 1000.0, dtype=torch.float16)
    torch.testing.assert_close(unit_channels(x), torch.full_like(x, 0.5))
