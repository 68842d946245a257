from __future__ import annotations

import pytest
import torch

from mmsrkd.models.losses import FeatureL1Loss, SoftTargetLoss


def test_is_the_mean_over_taps_of_the_mean_difference() -> None:
    s, t = torch.zeros(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    assert FeatureL1Loss()([s, s], [t, 3 * t]).item() == pytest.approx(2.0)
    assert FeatureL1Loss(tap_weights=[1.0, 0.0])([s, s], [t, 3 * t]).item() == pytest.approx(0.5)


def test_a_single_tensor_is_one_tap() -> None:
    s, t = torch.zeros(1, 2, 3, 3), torch.ones(1, 2, 3, 3)
    assert FeatureL1Loss()(s, t).item() == SoftTargetLoss()(s, t).item() == 1.0


def test_wrong_numbers_are_named() -> None:
    x = torch.zeros(1, 1, 2, 2)
    with pytest.raises(ValueError, match="2 student taps but 1 teacher taps"):
        FeatureL1Loss()([x, x], [x])
    with pytest.raises(ValueError, match="tap_weights has 1 values for 2 taps"):
        FeatureL1Loss(tap_weights=[1.0])([x, x], [x, x])


def test_shapes_are_not_broadcast() -> None:
    with pytest.raises(ValueError, match="tap 0: the student gives"):
        FeatureL1Loss()(torch.zeros(1, 4, 2, 2), torch.zeros(1, 1, 2, 2))
