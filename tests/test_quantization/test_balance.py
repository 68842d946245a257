from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from mmsrkd.checkpoints.state import without_observers
from mmsrkd.models.networks import SPAN
from mmsrkd.quantization import (
    bake_weights,
    build_scheme,
    calibrate,
    quantize,
    quantizer_of,
    uneven_convolutions,
)
from mmsrkd.quantization.placement import place
from mmsrkd.quantization.recording import record

from .networks import images

BALANCED = [{"pattern": "last", "balance": True}]


class Uneven(nn.Module):
    """One channel of eight is 200 times as large as the rest, and matters as little as they do."""

    def __init__(self, groups: int = 1) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.last = nn.Conv2d(8, 8, 3, padding=1, groups=groups)
        with torch.no_grad():
            self.first.weight[0] *= 200
            if groups == 1:
                self.last.weight[:, 0] /= 200

    def forward(self, x: Tensor) -> Tensor:
        h = self.first(x)
        return self.last(h * torch.tanh(h))


def quantised(overrides: list[dict[str, object]]) -> nn.Module:
    scheme = build_scheme("openvino", calibration="percentile", overrides=overrides)
    return calibrate(quantize(Uneven().eval(), scheme), images())


@torch.no_grad()
def agreement(network: nn.Module) -> float:
    image, reference = images()[1], Uneven().eval()
    error = (network(image) - reference(image)).square().mean()
    return float(10 * (reference(image).square().mean() / error).log10())


def test_small_channels_get_their_integers_back() -> None:
    plain, balanced = (agreement(quantised(overrides)) for overrides in ([], BALANCED))
    assert balanced > plain + 6, f"{plain:.1f} dB without, {balanced:.1f} dB with"


@torch.no_grad()
def test_the_product_stays_and_the_weight_takes_the_factors_once() -> None:
    network, image = quantised(BALANCED), images()[0]
    (balance,) = quantizer_of(network).balances().values()
    assert balance.factor[0] > 5 * balance.factor[1:].max()
    rounded = network(image)
    quantizer_of(network).switch(observing=False, quantising=False)
    assert torch.allclose(network(image), Uneven().eval()(image), rtol=1e-4, atol=1e-5)
    quantizer_of(network).switch(observing=False, quantising=True)
    bake_weights(network)
    assert torch.allclose(network(image), rounded, atol=1e-5)


@torch.no_grad()
def test_factors_come_from_all_inputs_and_stay() -> None:
    network = quantised(BALANCED)
    (balance,) = quantizer_of(network).balances().values()
    hidden = [Uneven().first(image) for image in images()]
    found = [h * torch.tanh(h) for h in hidden]
    low, high = (
        torch.stack([f(h, (0, 2, 3)) for h in found]).mean(0) for f in (torch.amin, torch.amax)
    )
    peaks = torch.maximum(-low, high)
    factor = (peaks / Uneven().last.weight.abs().amax((0, 2, 3))).sqrt()
    assert torch.allclose(balance.factor, factor / factor.log().mean().exp(), rtol=1e-4)
    before = balance.factor.clone()
    calibrate(network, [3 * image for image in images()])
    assert torch.equal(balance.factor, before)


@torch.no_grad()
@pytest.mark.parametrize("published", [False, True])
def test_factors_are_in_the_state(published: bool) -> None:
    network = quantised(BALANCED)
    state = network.state_dict()
    twin = quantize(Uneven().eval(), quantizer_of(network).scheme)
    twin.load_state_dict(without_observers(state) if published else state)
    quantizer_of(twin).switch(observing=False, quantising=True)
    assert torch.equal(twin(images()[0]), network(images()[0]))


def test_uneven_convolutions_are_found() -> None:
    assert uneven_convolutions(Uneven().eval(), images()) == ["last"]
    assert uneven_convolutions(Uneven().eval(), images(), ratio=1e6) == []


def test_what_a_balanced_convolution_alone_takes_is_not_rounded_before() -> None:
    network = SPAN(channels=8, num_blocks=2, deploy=True).eval()
    graph = record(network, images(1))
    plain = place(graph, build_scheme("cpu"))
    balanced = place(
        graph, build_scheme("cpu", overrides=[{"pattern": "conv_cat", "balance": True}])
    )
    assert set(plain.outputs) - set(balanced.outputs) == {"cat_0"}
    assert balanced.inputs["conv_cat", 0] == "conv_cat:in0"


@pytest.mark.parametrize(
    ("override", "groups", "message"),
    [
        ({"balance": True}, 8, "'last' is a grouped, transposed"),
        ({"balance": True, "precision": "float"}, 1, "needs no balance; drop one"),
    ],
)
def test_what_cannot_be_balanced(override: dict[str, object], groups: int, message: str) -> None:
    fields = {"pattern": "last", **override}
    with pytest.raises(ValueError, match=message):
        quantize(Uneven(groups), build_scheme("openvino", overrides=[fields]))
