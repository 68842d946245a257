from __future__ import annotations

import pytest
import torch

from mmsrkd.models.losses.amplitude import amplitude_spectrum


def plain(x: torch.Tensor) -> torch.Tensor:
    return torch.fft.rfft2(x, norm="ortho").abs()


@pytest.mark.parametrize("size", [(4, 6), (5, 7), (6, 1), (3, 2), (1, 5)])
def test_value_and_gradient_are_those_of_autograd(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 3, *size, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(amplitude_spectrum, x)
    direction = torch.randn_like(plain(x))
    torch.testing.assert_close(amplitude_spectrum(x), plain(x))
    ours, autograd = (
        torch.autograd.grad((f(x) * direction).sum(), x)[0] for f in (amplitude_spectrum, plain)
    )
    torch.testing.assert_close(ours, autograd)


@pytest.mark.parametrize("value", [0.0, 1e-22])
def test_a_spectrum_too_small_to_square_has_a_gradient(value: float) -> None:
    x = torch.full((1, 1, 4, 4), value, requires_grad=True)
    (amplitude_spectrum(x) * 1e5).sum().backward()
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()
