from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from mmsrkd.models.distillation import TapSet


class Toy(nn.Module):
    """A convolution, an in-place activation behind it, and a module that returns two tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 2, 3, padding=1)
        self.act = nn.ReLU(inplace=True)
        self.pair = Pair()

    def forward(self, x: Tensor) -> Tensor:
        y = self.act(self.first(x))
        low, high = self.pair(y)
        return low + high


class Pair(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x * 0.5, x * 2


def test_output_input_and_index() -> None:
    net, x = Toy(), torch.randn(1, 1, 4, 4)
    taps = TapSet(
        net,
        {
            "high": {"path": "pair", "index": 1},
            "entering": {"path": "pair", "role": "input"},
            "whole": "",
        },
        "student",
    )
    with taps.recording() as record:
        out = net(x)
    assert torch.equal(record["high"], net.act(net.first(x)) * 2)
    assert torch.equal(record["entering"], net.act(net.first(x)))
    assert record["whole"] is out


def test_overwritten_tensor_is_an_error_unless_copied() -> None:
    net, x = Toy(), torch.randn(1, 1, 4, 4)
    taps = TapSet(net, {"before": {"path": "first", "clone": False}}, "student")
    with (
        pytest.raises(RuntimeError, match=r"writes into this tensor in place.*clone=True"),
        taps.recording(),
    ):
        net(x)
    taps.remove()
    copying = TapSet(net, {"before": {"path": "first", "clone": True}}, "student")
    with copying.recording() as record:
        net(x)
    assert torch.equal(record["before"], net.first(x))


def test_auto_learns_to_copy_what_is_overwritten() -> None:
    net, x = Toy(), torch.randn(1, 1, 4, 4)
    taps = TapSet(net, {"before": "first", "after": {"path": "pair", "role": "input"}}, "student")
    with taps.learning_copies() as shapes:
        net(x)
    assert shapes["before"].shape == (1, 2, 4, 4)
    with taps.recording() as record:
        net(x)
    assert torch.equal(record["before"], net.first(x))
    assert torch.equal(record["after"], net.act(net.first(x)))


def test_nothing_is_kept_outside_recording() -> None:
    net = Toy()
    taps = TapSet(net, {"first": "first"}, "student")
    net(torch.randn(1, 1, 4, 4))
    assert not taps._record
    with taps.learning_copies():
        net(torch.randn(1, 1, 4, 4))
    with taps.recording():
        net(torch.randn(1, 1, 4, 4))
    assert not taps._record


def test_taps_survive_an_error_in_the_forward_pass() -> None:
    net = Toy()
    taps = TapSet(net, {"after": {"path": "pair", "role": "input"}}, "student")
    with pytest.raises(RuntimeError, match="channels"), taps.recording():
        net(torch.randn(1, 3, 4, 4))
    with taps.recording() as record:
        net(torch.randn(1, 1, 4, 4))
    assert set(record) == {"after"}


def test_a_module_that_runs_twice_is_refused() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Identity()

        def forward(self, x: Tensor) -> Tensor:
            return self.layer(self.layer(x))

    net = Twice()
    taps = TapSet(net, {"layer": "layer"}, "student")
    with pytest.raises(RuntimeError, match="ran 2 times"), taps.recording():
        net(torch.zeros(1))


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        ("frist", KeyError, "taps.student.x: Toy has no module 'frist'; nearest: first"),
        ({"path": "first", "rolle": "input"}, KeyError, "unknown key 'rolle'; nearest: role"),
        ({"path": "first", "role": "weights"}, ValueError, "choose 'input' or 'output'"),
        ({"path": "first", "clone": "maybe"}, ValueError, "choose True, False or 'auto'"),
    ],
)
def test_bad_specs_say_what_is_near(spec: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        TapSet(Toy(), {"x": spec}, "student")


def test_several_values_need_an_index() -> None:
    net = Toy()
    taps = TapSet(net, {"pair": "pair"}, "student")
    with (
        pytest.raises(IndexError, match=r"gives 2 values; set index to one of 0..1"),
        taps.recording(),
    ):
        net(torch.zeros(1, 1, 4, 4))


def test_an_error_of_the_network_is_not_taken_for_one_of_a_tap() -> None:
    class Broken(Toy):
        def forward(self, x: Tensor) -> Tensor:
            super().forward(x)
            raise RuntimeError("shapes do not fit")

    net = Broken()
    taps = TapSet(net, {"before": "first"}, "student")
    with pytest.raises(RuntimeError, match="shapes do not fit"), taps.learning_copies():
        net(torch.zeros(1, 1, 4, 4))
