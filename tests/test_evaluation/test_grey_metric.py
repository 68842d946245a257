"""Infrared: PSNR of the one-channel image that is handed on."""

from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.evaluation import RestorationPSNR


def grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values[None], 3, axis=0)


def test_three_equal_channels_measure_as_the_one_they_are() -> None:
    rng = np.random.default_rng(0)
    truth, image = rng.integers(0, 256, (2, 20, 24)).astype(np.float64)
    metric = RestorationPSNR(scale=1, convert_to="grey")
    expected = 10 * np.log10(255**2 / np.mean((truth - image) ** 2))
    assert metric.process_image(grey(truth), grey(image)) == pytest.approx(expected)
    assert metric.process_image(truth[None], image[None]) == pytest.approx(expected)
    assert metric.metric == "PSNR_grey"
    assert "grey (channels joined by full-range BT.601 weights)" in metric.protocol


def test_what_is_measured_is_what_would_be_stored() -> None:
    """Channels that differ are joined first and rounded once: what cancels out is no error."""
    truth = np.full((16, 16), 100.0)
    image = grey(truth) + np.array([0.4, -0.2, -0.02])[:, None, None]  # RGB; joined: -0.0001
    metric = RestorationPSNR(scale=1, convert_to="grey")
    assert metric.process_image(grey(truth), image, channel_order="RGB") == np.inf
    off = image + 1.0
    found = metric.process_image(grey(truth), off, channel_order="RGB")
    assert found == pytest.approx(20 * np.log10(255))
    tinted = grey(truth) + np.array([0.0, 4.0, 0.0])[:, None, None]
    assert metric.process_image(grey(truth), tinted, channel_order="BGR") == pytest.approx(
        20 * np.log10(255 / 2)
    )


def test_the_name_keeps_deviations() -> None:
    metric = RestorationPSNR(scale=4, convert_to="grey", crop_border=0, rounding=None)
    assert metric.metric == "PSNR_grey_border0_float"
