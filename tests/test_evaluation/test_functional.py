from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.evaluation.functional import prepare_image, psnr, ssim


def noisy_pair(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    first = np.kron(
        rng.integers(0, 256, (6, 7, *shape[2:])), np.ones((8, 8, *[1] * len(shape[2:])))
    )
    first = first[: shape[0], : shape[1]]
    return first, np.clip(first + rng.normal(0, 12, first.shape), 0, 255)


def test_psnr_by_hand():
    first = np.zeros((4, 6), np.uint8)
    second = first.copy()
    second[1, 2] = 12  # the squared error is 144 / 24 = 6
    assert psnr(first, second) == pytest.approx(10 * np.log10(255**2 / 6))
    assert psnr(first, second, crop_border=1) == pytest.approx(10 * np.log10(255**2 / 18))
    assert psnr(first, first) == float("inf")
    assert psnr(second, first) == psnr(first, second)  # uint8 must not wrap around


@pytest.mark.parametrize("shape", [(40, 47), (33, 48, 3)])
def test_ssim_equals_scikit_image(shape):
    metrics = pytest.importorskip("skimage.metrics", reason="independent SSIM")
    first, second = noisy_pair(shape)
    expected = metrics.structural_similarity(
        first,
        second,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        channel_axis=2 if len(shape) == 3 else None,
    )
    assert ssim(first, second) == pytest.approx(expected, abs=1e-9)
    assert ssim(first, first) == pytest.approx(1)


def test_ssim_window_by_hand():
    # An 11x11 image has one window: the formula with Gaussian-weighted moments.
    first, second = noisy_pair((11, 11))
    offsets = np.arange(-5, 6)
    weights = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    weights /= weights.sum()
    mean_a, mean_b = (weights * first).sum(), (weights * second).sum()
    var_a, var_b = (weights * first**2).sum() - mean_a**2, (weights * second**2).sum() - mean_b**2
    covariance = (weights * first * second).sum() - mean_a * mean_b
    c1, c2 = 2.55**2, 7.65**2
    expected = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    expected /= (mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2)
    assert ssim(first, second) == pytest.approx(expected, abs=1e-12)


def test_rounding():
    values = np.array([[-3.0, 0.49, 0.5, 1.5, 254.5, 300.0]])
    assert prepare_image(values, "uint8").tolist() == [[0, 0, 1, 2, 255, 255]]
    assert np.array_equal(prepare_image(values, None), values)
    with pytest.raises(ValueError, match="'int8'"):
        prepare_image(values, "int8")


def test_bad_input():
    image = np.zeros((12, 12))
    with pytest.raises(ValueError, match=r"\(12, 12\) and \(12, 11\)"):
        psnr(image, image[:, 1:])
    with pytest.raises(ValueError, match="leaves 10x10"):
        ssim(image, image, crop_border=1)
    with pytest.raises(ValueError, match="border of 6 leaves 0x0"):
        psnr(image, image, crop_border=6)
