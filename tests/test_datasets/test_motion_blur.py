from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d

from mmsrkd.datasets.motion_blur import (
    BlurSettings,
    blur,
    draw_chance,
    draw_kernel,
    file_rng,
    linear_path,
    rasterise,
    shaken_path,
)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), linear=st.sampled_from([0.0, 0.5, 1.0]))
def test_kernels_sum_to_one_are_centred_and_repeat(seed: int, linear: float) -> None:
    chosen = BlurSettings(linear_share=linear)
    kernel = draw_kernel(np.random.default_rng(seed), chosen)
    side = len(kernel)
    assert kernel.shape == (side, side)
    assert side % 2 == 1
    assert side <= 2 * chosen.longest
    assert kernel.min() >= 0
    assert kernel.sum() == pytest.approx(1, abs=1e-12)
    offsets = np.mgrid[:side, :side] - side // 2
    np.testing.assert_allclose((offsets * kernel).sum(axis=(1, 2)), 0, atol=1e-10)
    again = draw_kernel(np.random.default_rng(seed), chosen)
    assert np.array_equal(kernel, again)


def test_a_straight_path_has_its_length_and_angle() -> None:
    kernel = rasterise(linear_path(9, 0))
    assert kernel.shape == (9, 9)
    assert kernel[4].sum() == pytest.approx(1)
    np.testing.assert_allclose(kernel[4, 1:8], 1 / 8, rtol=1e-2)
    down = rasterise(linear_path(9, 90))
    np.testing.assert_allclose(down, kernel.T, atol=1e-12)


def test_a_shaken_path_has_constant_speed_and_is_not_straight() -> None:
    path = shaken_path(21, np.random.default_rng(1))
    steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    np.testing.assert_allclose(steps.sum(), 20, rtol=1e-6)
    assert np.ptp(steps) < 1e-9
    assert np.linalg.norm(path[-1] - path[0]) < 19.9


def test_blur_is_a_convolution_with_reflected_border() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (24, 30, 3), dtype=np.uint8)
    kernel = rng.random((7, 7))
    kernel /= kernel.sum()
    padded = np.pad(image.astype(float), ((3, 3), (3, 3), (0, 0)), mode="reflect")
    expected = np.stack([convolve2d(padded[..., c], kernel, "valid") for c in range(3)], axis=-1)
    assert np.abs(blur(image, kernel) - expected).max() <= 0.5 + 1e-3


def test_blur_keeps_flat_images_mean_and_grey() -> None:
    kernel = draw_kernel(np.random.default_rng(3), BlurSettings())
    assert (blur(np.full((20, 20, 3), 255, np.uint8), kernel) == 255).all()
    grey = np.repeat(np.random.default_rng(1).integers(0, 256, (40, 40, 1), np.uint8), 3, axis=2)
    assert np.ptp(blur(grey, kernel), axis=2).max() == 0


def test_a_file_is_always_blurred_alike() -> None:
    first, again, *others = (
        file_rng(Path(name), seed).random()
        for name, seed in (
            ("x/a/1.png", 0),
            ("y/a/1.jpg", 0),
            ("x/a/2.png", 0),
            ("x/b/1.png", 0),
            ("x/a/1.png", 1),
        )
    )
    assert first == again
    assert first not in others


@pytest.mark.parametrize(
    ("name", "side", "squares"),
    [("001", 29, 0.0242494566), ("003", 19, 0.0372151470), ("005", 9, 0.0525621847)],
)
def test_the_kernels_of_measured_sets_stay_what_they_were(
    name: str, side: int, squares: float
) -> None:
    """Those of BSD100_blurred and the like: no other NumPy may draw others."""
    kernel = draw_chance(file_rng(Path(f"BSD100/HR/img_{name}.png"), 0), BlurSettings())
    assert kernel is not None
    assert len(kernel) == side
    assert (kernel**2).sum() == pytest.approx(squares, rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shortest": 8}, "lengths must be odd, 3 or more and in order, got 8 to 31"),
        ({"longest": 5}, "got 7 to 5"),
        ({"linear_share": 1.5}, "linear_share must be from 0 to 1, got 1.5"),
        ({"noise_sigma": -1.0}, "noise_sigma must not be negative, got -1.0"),
    ],
)
def test_refuses(changes: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BlurSettings(**changes)
