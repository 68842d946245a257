from __future__ import annotations

import pytest

from mmsrkd.models.distillation.schedules import WeightSchedule


def parse(spec: object) -> WeightSchedule:
    return WeightSchedule.parse(spec, "distill.losses.loss_x.weight")


def test_a_number_is_constant() -> None:
    assert [parse(0.25).at(p) for p in (0, 0.5, 1)] == [0.25] * 3


@pytest.mark.parametrize("kind", ["linear", "cosine"])
def test_ramp_goes_from_start_to_end(kind: str) -> None:
    ramp = parse({"kind": kind, "start": 1.0, "end": 3.0, "begin_at": 0.2, "end_at": 0.6})
    assert [ramp.at(p) for p in (0, 0.2, 0.4, 0.6, 1)] == pytest.approx([1, 1, 2, 3, 3])


def test_stop() -> None:
    assert parse({"end": 1.0, "start": 1.0, "stop_at": 0.5}).at(0.49) == 1.0
    assert parse({"end": 1.0, "start": 1.0, "stop_at": 0.5}).at(0.5) == 0.0
    assert parse(0.3).at(1.0) == 0.3


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        ({"end": 1, "stopat": 0.5}, KeyError, "unknown key 'stopat'; nearest: stop_at"),
        ({"start": 1}, KeyError, "needs `end`"),
        ({"end": 1, "kind": "quadratic"}, ValueError, "constant, linear, cosine"),
        ({"end": 1, "begin_at": 0.5, "end_at": 0.2}, ValueError, "0 <= begin_at <= end_at <= 1"),
        ({"end": 1, "stop_at": -1}, ValueError, "stop_at must be in"),
        ("half", ValueError, "neither a number nor a schedule"),
    ],
)
def test_bad_schedules(spec: dict, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        parse(spec)
