from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mmsrkd.quantization.grid import Grid

reals = st.floats(-1e3, 1e3, allow_nan=False, width=32)


@given(low=reals, high=reals, bits=st.integers(2, 8), signed=st.booleans(), symmetric=st.booleans())
def test_a_range_and_zero_fit_on_the_integers(low, high, bits, signed, symmetric):
    grid = Grid(bits, signed=signed, symmetric=symmetric)
    low, high = sorted((low, high))
    scale, zero = grid.fit(torch.tensor([low]), torch.tensor([high]))
    assert grid.lowest <= int(zero) <= grid.highest  # so that 0, with which layers pad, is exact
    bottom = (grid.lowest - int(zero)) * float(scale)
    top = (grid.highest - int(zero)) * float(scale)
    step = float(scale)
    assert bottom <= min(low, 0) + 1.01 * step
    assert top >= max(high, 0) - 1.01 * step


def test_symmetric_grids_have_their_zero_in_the_middle():
    for signed, middle in ((True, 0), (False, 128)):
        scale, zero = Grid(8, signed=signed, symmetric=True).fit(
            torch.tensor([-0.5]), torch.tensor([1.27])
        )
        assert int(zero) == middle
        assert float(scale) == pytest.approx(0.01)


def test_power_of_two_scales_hold_the_range():
    scale, _ = Grid(8, signed=True, symmetric=True, power_of_two=True).fit(
        torch.tensor([-1.0]), torch.tensor([3.0])
    )
    assert float(scale) == 2**-5  # 3 / 127 rounded up


def test_bits_no_runtime_stores_are_refused():
    with pytest.raises(ValueError, match="bits must be 2 to 8, got 9: runtimes store 8"):
        Grid(9)
