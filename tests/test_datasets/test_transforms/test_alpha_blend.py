from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.datasets.transforms import RGBAlphaBlend


def pair() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    gt = matlab_resize(rng.integers(0, 256, (12, 14, 3)).astype(np.uint8), 4)
    return {"gt": gt, "img": matlab_resize(gt, 0.5)}


def test_one_colour_and_share_for_both_images():
    np.random.seed(0)
    for _ in range(20):
        images = pair()
        state = np.random.get_state()
        blended = RGBAlphaBlend().transform(dict(images))
        np.random.set_state(state)
        np.random.random()
        colour, share = np.random.uniform(0, 255, 3), np.random.uniform(0.6, 1)
        assert 0.6 <= share <= 1
        for key, image in images.items():
            wanted = share * image.astype(np.float64) + (1 - share) * colour
            assert np.abs(blended[key] - wanted).max() <= 0.5
            assert blended[key].dtype == np.uint8
        # still a pair: the LR was rounded twice, the HR once
        again = matlab_resize(blended["gt"].astype(np.float64), 0.5)
        inside = (images["img"] > 0).all(axis=2) & (images["img"] < 255).all(axis=2)
        assert np.abs(again - blended["img"])[inside].max() < 2


def test_never_and_bad_arguments():
    images = pair()
    assert RGBAlphaBlend(prob=0.0).transform(dict(images))["gt"] is images["gt"]
    with pytest.raises(ValueError, match=r"least_share must be from 0 to 1, got 1\.5"):
        RGBAlphaBlend(least_share=1.5)
