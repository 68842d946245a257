from __future__ import annotations

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.colour import rgb_to_y


def pixel(*values: int) -> np.ndarray:
    return np.array([[values]], np.uint8)


@pytest.mark.parametrize(
    ("rgb", "luma"),
    [
        ((0, 0, 0), 16.0),
        ((255, 255, 255), 235.0),
        ((255, 0, 0), 81.481),
        ((0, 255, 0), 144.553),
        ((0, 0, 255), 40.966),
    ],
)
def test_bt601_studio_range(rgb, luma):
    assert rgb_to_y(pixel(*rgb)) == pytest.approx(luma)
    assert rgb_to_y(pixel(*rgb[::-1]), channel_order="BGR") == pytest.approx(luma)
    assert rgb_to_y(pixel(*rgb), rounded=True) == np.floor(luma + 0.5)


def test_full_range_leaves_grey_values_alone():
    grey = np.arange(256, dtype=np.uint8)[:, None]
    image = cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB)
    assert np.allclose(rgb_to_y(image, full_range=True), grey, atol=1e-9)
    assert np.array_equal(rgb_to_y(image, rounded=True, full_range=True), grey)


def test_bad_input():
    with pytest.raises(ValueError, match=r"\(4, 4\)"):
        rgb_to_y(np.zeros((4, 4)))
    with pytest.raises(ValueError, match="'RBG'"):
        rgb_to_y(pixel(1, 2, 3), channel_order="RBG")
