from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.transforms import EqualGrey


def test_three_equal_channels_of_luma_and_grey_untouched() -> None:
    image = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    results = EqualGrey(keys=["img"]).transform({"img": image, "gt": image})
    grey = results["img"]
    assert np.ptp(grey, axis=2).max() == 0
    assert np.abs(grey[..., 0] - image @ [0.299, 0.587, 0.114]).max() < 0.51
    assert results["img_is_grey"] is True
    assert results["gt"] is image
    again = EqualGrey(keys=["img"]).transform({"img": grey})["img"]
    assert np.array_equal(again, grey)


def test_sometimes() -> None:
    image = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    np.random.seed(0)
    step = EqualGrey(keys=["img"], prob=0.5)
    made = [step.transform({"img": image}).get("img_is_grey", False) for _ in range(40)]
    assert 5 < sum(made) < 35
    with pytest.raises(ValueError, match="prob must be from 0 to 1, got -1"):
        EqualGrey(prob=-1)
