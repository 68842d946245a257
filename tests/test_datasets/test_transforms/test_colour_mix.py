from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.datasets.transforms.colour_mix import RandomColourMix


@pytest.fixture
def pair() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    gt = matlab_resize(rng.integers(0, 256, (12, 14, 3)).astype(np.uint8), 4)
    return {"gt": gt, "img": matlab_resize(gt, 0.5)}


def test_pair_stays_a_pair(pair):
    np.random.seed(0)
    for _ in range(20):
        mixed = RandomColourMix(prob=1.0).transform(dict(pair))
        again = matlab_resize(mixed["gt"].astype(np.float64), 0.5)
        # the LR was rounded and clipped twice before, and both are rounded after
        inside = (pair["img"] > 0).all(axis=2) & (pair["img"] < 255).all(axis=2)
        assert np.abs(again - mixed["img"])[inside].max() < 2.5
        assert mixed["gt"].dtype == np.uint8


def test_grey_becomes_coloured(pair):
    np.random.seed(0)
    grey = np.repeat(pair["gt"][..., :1], 3, axis=2)
    mixed = RandomColourMix(prob=1.0).transform({"gt": grey, "img": grey, "gt_is_grey": True})
    assert mixed["gt_is_grey"] is False
    assert np.ptp(mixed["gt"].astype(int), axis=2).max() > 20


def test_full_range_is_never_clipped():
    np.random.seed(0)
    image = np.array([[[0, 0, 0], [128, 128, 128], [255, 255, 255]]], np.uint8)
    for _ in range(50):
        mixed = RandomColourMix(prob=1.0, least_contrast=0.3).transform({"gt": image, "img": image})
        steps = np.diff(mixed["gt"].astype(int), axis=1)
        assert steps.min() >= 0.3 * 127 - 1


def test_never_and_bad_arguments(pair):
    assert RandomColourMix(prob=0.0).transform(dict(pair))["gt"] is pair["gt"]
    with pytest.raises(ValueError, match="prob must be from 0 to 1, got 2"):
        RandomColourMix(prob=2)
    with pytest.raises(ValueError, match="least_contrast must be from 0 to 1, got -1"):
        RandomColourMix(least_contrast=-1)
