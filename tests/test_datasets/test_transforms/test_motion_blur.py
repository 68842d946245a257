from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.draws import Draw, seeded
from mmsrkd.datasets.transforms import RandomMotionBlur


def picture() -> dict:
    image = np.random.default_rng(0).integers(0, 256, (40, 48, 3), dtype=np.uint8)
    return {"img": image, "gt": image.copy(), "gt_path": "/anywhere/seq/0001.png"}


def test_only_its_keys_and_only_as_often_as_said() -> None:
    results = RandomMotionBlur(prob=1.0).transform(picture())
    assert not np.array_equal(results["img"], picture()["img"])
    assert np.array_equal(results["gt"], picture()["gt"])
    assert results["img"].dtype == np.uint8
    same = RandomMotionBlur(prob=0.0).transform(picture())
    assert np.array_equal(same["img"], picture()["img"])


def test_both_keys_get_one_kernel() -> None:
    results = RandomMotionBlur(keys=["img", "gt"]).transform(picture())
    assert np.array_equal(results["img"], results["gt"])


def test_follows_the_draw_or_the_file() -> None:
    random, fixed = RandomMotionBlur(), RandomMotionBlur(file_seed=4, noise_sigma=2.0)
    with seeded(Draw(0, 5, 1)):
        first = random.transform(picture())["img"]
    with seeded(Draw(0, 5, 1)):
        assert np.array_equal(random.transform(picture())["img"], first)
    with seeded(Draw(0, 6, 1)):
        assert not np.array_equal(random.transform(picture())["img"], first)
        image = fixed.transform(picture())["img"]
    moved = {**picture(), "gt_path": "/elsewhere/seq/0001.jpg"}
    assert np.array_equal(fixed.transform(moved)["img"], image)
    other = {**picture(), "gt_path": "/anywhere/other/0001.png"}
    assert not np.array_equal(fixed.transform(other)["img"], image)


def test_noise_is_the_same_in_all_channels() -> None:
    grey = {"img": np.full((64, 64, 3), 128, np.uint8), "gt_path": "a/b.png"}
    noisy = RandomMotionBlur(noise_sigma=20.0, file_seed=0).transform(grey)["img"]
    assert np.ptp(noisy, axis=2).max() == 0
    assert 0 < noisy[..., 0].std() < 21


def test_refuses() -> None:
    with pytest.raises(ValueError, match="prob must be from 0 to 1, got 2"):
        RandomMotionBlur(prob=2)
