from __future__ import annotations

from typing import Any

import pytest
import torch

from mmsrkd.models.distillation.inputs import Mix, RunOrder, build_input

MIX = {"type": "Mix", "of": ["teacher.compact", "lr"], "shares": [0.3, 0.7]}

LOOP = {"type": "Mix", "of": ["assistant.out"], "shares": [1.0]}


def order(student: Any = "lr", **teachers: Any) -> RunOrder:
    builders = {name: build_input(config, name) for name, config in teachers.items()}
    taps = {"teacher": ["compact"], "assistant": ["trunk"], "student": ["body"]}
    return RunOrder(builders, taps, build_input(student, "student"))


def test_mix_is_the_weighted_sum() -> None:
    tensors = {"teacher.compact": torch.rand(2, 3, 4, 5), "lr": torch.rand(2, 3, 4, 5)}
    found = build_input(MIX, "here")(tensors)
    assert torch.allclose(found, 0.3 * tensors["teacher.compact"] + 0.7 * tensors["lr"])
    assert Mix(["lr"], [1.0])(tensors).equal(tensors["lr"])
    with pytest.raises(ValueError, match=r"different shapes.*'lr': \(1, 3, 2, 2\)"):
        build_input(MIX, "here")({**tensors, "lr": torch.rand(1, 3, 2, 2)})


def test_those_that_feed_the_student_run_before_it() -> None:
    found = order(MIX, teacher="gt", assistant=MIX, other="lr")
    assert (found.before, found.after) == (["teacher"], ["assistant", "other"])
    found = order(teacher="gt", assistant=MIX)
    assert (found.before, found.after) == ([], ["teacher", "assistant"])
    # as in a config that mmengine wrote, sorted by name
    assert order(assistant=MIX, teacher="gt").after == ["teacher", "assistant"]
    assert found.with_sources(["assistant"]) == {"teacher", "assistant"}
    assert found.with_sources([]) == set()


def test_a_teacher_may_be_fed_what_the_student_makes() -> None:
    of_student = {"type": "Mix", "of": ["student.body"], "shares": [1.0]}
    assert order(teacher=of_student).after == ["teacher"]
    with pytest.raises(KeyError, match=r"teacher\.input: nothing makes 'student\.body' before"):
        order(MIX, teacher=of_student)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        (lambda: order(assistant=MIX, teacher=LOOP), KeyError, "makes 'teacher.compact' before"),
        (
            lambda: order({**MIX, "of": ["techer.out", "lr"]}, teacher="gt"),
            KeyError,
            "'techer.out'",
        ),
        (lambda: build_input("hr", "x"), KeyError, r"'hr' is unknown; choose one of lr, gt, dict"),
        (lambda: build_input({"type": "Mx"}, "x"), KeyError, "type='Mx' is unknown; .*Mix"),
        (lambda: build_input({**MIX, "share": 1}, "x"), KeyError, "'share'; nearest: shares"),
        (lambda: build_input({"type": "Mix", "of": []}, "x"), KeyError, "also needs shares"),
        (lambda: Mix(["lr"], [0.3, 0.7]), ValueError, "1 tensors, `shares` has 2 values"),
        (lambda: Mix(["lr", "gt"], [0.3, 0.3]), ValueError, "add up to 0.6, not 1"),
    ],
)
def test_mistakes(build: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        build()
