from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.quantization import build_scheme, calibrate, quantize, quantizer_of

from .networks import images

FINE = [{"pattern": "last", "fine_input": True}]


class TwoLayers(nn.Module):
    """The first one's results are as large as pictures, and the second needs them exactly."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Conv2d(3, 6, 3, padding=1)
        self.last = nn.Conv2d(6, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(F.silu(self.first(x)))


def quantised(overrides: list[dict[str, object]], preset: str = "openvino") -> nn.Module:
    return calibrate(
        quantize(TwoLayers().eval(), build_scheme(preset, overrides=overrides)), images()
    )


def hidden(network: nn.Module, image: Tensor) -> Tensor:
    """What the last layer takes, with the first one's roundings and without its own."""
    found: list[Tensor] = []
    spot = quantizer_of(network).by_name()["last:in0"]
    with spot.register_forward_pre_hook(lambda _, args: found.append(args[0])):
        network(image)
    return found[0]


@torch.no_grad()
def test_values_far_beyond_those_of_calibration_are_held() -> None:
    """A picture of sharper contrast than any seen must not saturate where it is features."""
    network = quantised(FINE)
    spot = quantizer_of(network).by_name()["last:in0"]
    far = 3.9 * torch.cat([hidden(network, image) for image in images()])
    coarse = spot(far)
    assert torch.allclose(coarse + spot.left_over(far, coarse), far, atol=float(spot.scale) / 250)


@torch.no_grad()
@pytest.mark.parametrize("preset", ["openvino", "tensorrt"])
def test_both_parts_are_on_grids_and_hold_the_input_to_16_bits(preset: str) -> None:
    network, image = quantised(FINE, preset), images()[0]
    spots, h = quantizer_of(network).by_name(), hidden(network, image)
    scale, zero = spots["last:in0"].scale, spots["last:in0"].zero_point
    coarse = spots["last:in0"](h)
    rest = spots["last:in0"].left_over(h, coarse)
    assert torch.allclose(coarse / scale, (coarse / scale + zero).round() - zero, atol=1e-4)
    assert torch.allclose(rest / scale * 256, (rest / scale * 256).round(), atol=1e-3)
    # the last of 256 integers is half a step short of the middle to the next coarse one
    assert float((coarse + rest - h).abs().max()) <= float(scale) / 256 * 1.01
    weight, bias = spots["last.weight"](network.last.weight), network.last.bias
    by_hand = F.conv2d(coarse, weight, bias, padding=1) + F.conv2d(rest, weight, padding=1)
    assert torch.allclose(network(image), by_hand, atol=1e-6)


@torch.no_grad()
def test_an_input_costs_nothing_any_more() -> None:
    image = images()[1]
    reference = TwoLayers().eval()(image)

    def error(overrides: list[dict[str, object]]) -> float:
        network = quantised(overrides)
        for name, spot in quantizer_of(network).by_name().items():
            spot.quantising = name in ("last:in0", "silu_0:out")
        return float((network(image) - reference).square().mean())

    assert error(FINE) < error([]) / 1000


def test_the_gradient_is_that_of_the_whole() -> None:
    network = quantised(FINE)
    spots, image = quantizer_of(network).by_name(), images()[0]
    spots["image:out"].quantising = False
    h = hidden(network, image).detach().requires_grad_()
    coarse = spots["last:in0"](h)
    rest = spots["last:in0"].left_over(h, coarse)
    (gradient,) = torch.autograd.grad((coarse + rest).sum(), h)
    assert torch.equal(gradient, torch.ones_like(h))


@torch.no_grad()
def test_balanced_and_fine() -> None:
    both = [{"pattern": "last", "fine_input": True, "balance": True}]
    image, reference = images()[0], TwoLayers().eval()
    network = quantised(both)
    for name, spot in quantizer_of(network).by_name().items():
        spot.quantising = name == "last:in0"
    assert torch.allclose(network(image), reference(image), atol=1e-4)


def test_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="fine_input=True needs layout 'trt'"):
        build_scheme("cpu", overrides=FINE)
    with pytest.raises(ValueError, match="needs no fine_input; drop one of both"):
        build_scheme("openvino", overrides=[{**FINE[0], "precision": "float"}])
