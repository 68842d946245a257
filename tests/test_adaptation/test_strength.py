from __future__ import annotations

import math

import pytest

from mmsrkd.adaptation import ReversalStrength


def test_the_paper_s_curve() -> None:
    curve = ReversalStrength("dann", maximum=1.0)
    assert curve.at(0) == 0
    assert curve.at(1) == pytest.approx(0.9999, abs=1e-4)
    assert curve.at(0.1) == pytest.approx(2 / (1 + math.exp(-1)) - 1)
    assert ReversalStrength("dann", maximum=0.05).at(0.1) == pytest.approx(0.05 * curve.at(0.1))
    assert {ReversalStrength("constant", 0.2).at(p) for p in (0, 0.5, 1)} == {0.2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"kind": "linear"}, "kind='linear' is unknown; choose one of dann, constant"),
        ({"maximum": -1.0}, "maximum must be at least 0, got -1.0"),
        ({"gamma": 0.0}, "gamma must be positive, got 0.0"),
    ],
)
def test_refuses(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReversalStrength(**arguments)
