"""Images and truths for two tasks."""

from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.errors import SizeMismatchError
from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.datasets.transforms import DeblurTruthOnly, PairedPatchCrop, ReduceImages


def picture(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_blurred_images_are_reduced_and_cut_together():
    sharp, blurred = picture(42, 50), picture(42, 50, 1)
    results = {"gt": sharp, "gt_deblur": sharp, "img": blurred, "scale": 4}
    results = ReduceImages(keys=["img", "gt_deblur"]).transform(results)
    assert results["gt"].shape == (40, 48, 3)
    assert np.array_equal(results["img"], matlab_resize(blurred[:40, :48], scale=1 / 4))
    assert np.array_equal(results["gt_deblur"], matlab_resize(sharp[:40, :48], scale=1 / 4))
    whole = results["gt_deblur"]
    results = PairedPatchCrop(lr_patch=6).transform(results)
    assert results["gt_deblur"].shape == results["img"].shape == (6, 6, 3)
    places = [
        (top, left)
        for top in range(5)
        for left in range(7)
        if np.array_equal(whole[top : top + 6, left : left + 6], results["gt_deblur"])
    ]
    assert len(places) == 1
    top, left = (4 * side for side in places[0])
    assert np.array_equal(results["gt"], sharp[:40, :48][top : top + 24, left : left + 24])


def test_pair_of_different_size_is_refused():
    results = {
        "gt": picture(40, 48), "img": picture(40, 44), "scale": 4,
        "gt_path": "sharp/a.png", "img_path": "blur/a.png",
    }  # fmt: skip
    with pytest.raises(
        SizeMismatchError, match=r"img of blur/a.png is 40x44, the sharp sharp/a.png 40x48 .*remake"
    ):
        ReduceImages().transform(results)


def test_a_deblurring_pair_says_that_it_has_no_other_truth():
    sharp = picture(8, 6)
    results = DeblurTruthOnly(scale=4).transform({"gt": sharp, "img": sharp.copy(), "scale": 1})
    assert results["gt_deblur"] is sharp
    assert results["gt"].shape == (32, 24, 3)
    assert not results["gt"].any()
    assert (results["has_gt"], results["scale"]) == ("deblur", 4)
