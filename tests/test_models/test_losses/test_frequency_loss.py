from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmsrkd.models.losses import HighFrequencyLoss


def full_spectrum_reference(s: torch.Tensor, t: torch.Tensor, rho: float) -> float:
    """Eq. 3 written out with the full complex spectrum and loops over bins."""
    a = torch.fft.fft2(s.double(), norm="ortho").abs()
    b = torch.fft.fft2(t.double(), norm="ortho").abs()
    height, width = s.shape[-2:]
    total, kept = 0.0, 0
    for i in range(height):
        for j in range(width):
            fy, fx = min(i, height - i) / height, min(j, width - j) / width
            if (i, j) != (0, 0) and (fx**2 + fy**2) ** 0.5 >= rho * 0.5:
                total += (a[..., i, j] - b[..., i, j]).abs().mean().item()
                kept += 1
    return total / kept


@settings(max_examples=20, deadline=None)
@given(
    height=st.integers(3, 13),
    width=st.integers(3, 13),
    rho=st.sampled_from([0.0, 0.125, 0.25, 0.5]),
)
def test_half_spectrum_equals_full_spectrum(height: int, width: int, rho: float) -> None:
    torch.manual_seed(height * 100 + width)
    s, t = torch.randn(2, 2, 3, height, width).unbind(0)
    expected = full_spectrum_reference(s, t, rho)
    assert HighFrequencyLoss(rho=rho)(s, t).item() == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_amplitude_is_blind_to_shift_and_complex_is_not() -> None:
    x = torch.randn(1, 2, 8, 10)
    moved = x.roll((2, 3), dims=(2, 3))
    assert HighFrequencyLoss()(x, moved).item() < 1e-6
    assert HighFrequencyLoss(mode="complex")(x, moved).item() > 0.1
    assert HighFrequencyLoss(mode="amp_phase")(x, moved).item() > 0.1


@pytest.mark.parametrize("mask", ["hard", "gaussian"])
def test_constant_offset_costs_nothing(mask: str) -> None:
    x = torch.randn(2, 3, 9, 7)
    assert HighFrequencyLoss(mask=mask)(x, x + 5).item() < 1e-5


def test_weight_of_the_kept_bins_is_one_whatever_rho() -> None:
    for rho in (0.0, 0.25, 0.9):
        weights = HighFrequencyLoss(rho=rho).bin_weights(10, 12, torch.device("cpu"))
        assert weights.sum().item() == pytest.approx(1.0, abs=1e-6)
        assert weights[0, 0] == 0


def test_low_frequencies_are_removed() -> None:
    ramp = torch.cos(torch.arange(32) / 32 * 2 * torch.pi).expand(1, 1, 32, 32)
    assert HighFrequencyLoss(rho=0.25)(ramp, torch.zeros_like(ramp)).item() < 1e-5
    assert HighFrequencyLoss(rho=0.0)(ramp, torch.zeros_like(ramp)).item() > 1e-4


@pytest.mark.parametrize("mode", ["amplitude", "complex", "amp_phase"])
def test_gradient_is_finite_where_spectra_vanish(mode: str) -> None:
    student = torch.zeros(1, 1, 6, 6, requires_grad=True)
    HighFrequencyLoss(mode=mode)(student, torch.ones(1, 1, 6, 6)).backward()
    assert student.grad is not None
    assert torch.isfinite(student.grad).all()


def test_runs_in_float32_under_autocast() -> None:
    x = torch.randn(1, 2, 6, 6, dtype=torch.bfloat16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = HighFrequencyLoss()(x, x * 2)
    assert value.dtype == torch.float32
    assert torch.isfinite(value)


def test_window_ignores_the_border() -> None:
    x = torch.zeros(1, 1, 8, 8)
    edge = x.clone()
    edge[..., 0] = 1
    assert HighFrequencyLoss(window="hann")(x, edge).item() < 1e-6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rho": 1.0}, "rho must be in"),
        ({"mode": "phase"}, "amplitude, complex, amp_phase"),
        ({"mask": "square"}, "hard, gaussian"),
        ({"window": "hamming"}, "none, hann"),
    ],
)
def test_bad_arguments_name_the_choices(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HighFrequencyLoss(**arguments)


def test_unequal_shapes_name_both() -> None:
    with pytest.raises(ValueError, match=r"\(1, 2, 4, 4\), the teacher \(1, 3, 4, 4\)"):
        HighFrequencyLoss()(torch.zeros(1, 2, 4, 4), torch.zeros(1, 3, 4, 4))
