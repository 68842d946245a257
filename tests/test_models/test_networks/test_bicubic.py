from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.models.networks import Bicubic


def to_tensor(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.astype(np.float32) / 255).permute(2, 0, 1)[None]


def to_uint8(tensor: torch.Tensor) -> np.ndarray:
    return np.round(tensor[0].permute(1, 2, 0).numpy() * 255).astype(np.uint8)


@settings(max_examples=60, deadline=None)
@given(
    scale=st.sampled_from([1, 2, 3, 4, 8]),
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    seed=st.integers(0, 2**16),
    extreme=st.booleans(),
)
def test_uint8_is_matlab_to_the_bit(
    scale: int, height: int, width: int, seed: int, extreme: bool
) -> None:
    random = np.random.default_rng(seed)
    image = random.integers(0, 256, (height, width, 3), dtype=np.uint8)
    if extreme:
        image = (image > 127).astype(np.uint8) * 255
    found = to_uint8(Bicubic(scale, rounding="uint8")(to_tensor(image)))
    np.testing.assert_array_equal(found, matlab_resize(image, scale=scale))


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_real_numbers_agree_with_numpy(scale: int) -> None:
    image = np.random.default_rng(0).random((11, 6, 3))
    x = torch.from_numpy(image).permute(2, 0, 1)[None]
    found = Bicubic(scale)(x)[0].permute(1, 2, 0).numpy()
    np.testing.assert_allclose(found, matlab_resize(image, scale=scale), atol=1e-12)


def test_any_number_of_channels_and_no_state() -> None:
    network = Bicubic(3)
    assert network(torch.rand(2, 5, 4, 1)).shape == (2, 5, 12, 3)
    assert len(network.state_dict()) == 0


def test_autocast_does_not_coarsen_the_baseline() -> None:
    network, x = Bicubic(3, rounding="uint8"), torch.rand(1, 3, 8, 8)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(network(x), Bicubic(3, rounding="uint8")(x))
        found = network(x)
    assert torch.equal(found, network(x))


def test_unknown_rounding_is_refused() -> None:
    with pytest.raises(ValueError, match="rounding='floor' is not offered; use None or 'uint8'"):
        Bicubic(2, rounding="floor")
