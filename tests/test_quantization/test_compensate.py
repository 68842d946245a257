from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from mmsrkd.quantization import (
    bake_weights,
    build_scheme,
    calibrate,
    compensate_weights,
    quantize,
    quantizer_of,
)


class Layers(nn.Module):
    """One of each kind of layer with weights."""

    in_channels = 3

    def __init__(self) -> None:
        super().__init__()
        self.plain = nn.Conv2d(3, 8, 3, padding=1)
        self.strided = nn.Conv2d(8, 8, 3, stride=2, padding=2, dilation=2)
        self.grouped = nn.Conv2d(8, 8, 3, padding=1, groups=4)
        self.linear = nn.Linear(8, 6)
        self.up = nn.ConvTranspose2d(6, 3, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.strided(torch.relu(self.plain(x))))
        x = torch.relu(self.grouped(x)).permute(0, 2, 3, 1)
        return self.up(self.linear(x).permute(0, 3, 1, 2))


def images(count: int = 3) -> list[Tensor]:
    """Smooth, as pictures are, so that what enters a layer is correlated."""
    generator = torch.Generator().manual_seed(1)
    small = torch.rand(count, 3, 6, 6, generator=generator)
    return list(nn.functional.interpolate(small, (24, 24), mode="bicubic").clamp(0, 1).split(1))


def made(bits: int, **scheme) -> tuple[nn.Module, nn.Module]:
    """A float network and a calibrated copy."""
    torch.manual_seed(0)
    network = Layers().eval()
    quantised = quantize(
        copy.deepcopy(network), build_scheme("openvino", weight_bits=bits, **scheme)
    )
    return network, calibrate(quantised, images())


@torch.no_grad()
def error(network: nn.Module, quantised: nn.Module) -> float:
    return float(sum((network(x) - quantised(x)).square().mean() for x in images()))


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(3, 8, 3, padding=1),
        nn.Conv2d(3, 8, 3, stride=2, padding=2, dilation=2),
        nn.Conv2d(3, 6, 3, padding=1, groups=3),
    ],
    ids=["plain", "strided", "grouped"],
)
@pytest.mark.parametrize("bits", [4, 8])
def test_errors_of_weights_cancel(layer, bits):
    torch.manual_seed(0)
    layer.reset_parameters()
    network = nn.Sequential(layer).eval()
    quantised = quantize(copy.deepcopy(network), build_scheme("openvino", weight_bits=bits))
    calibrate(quantised, images())
    for name, module in quantizer_of(quantised).by_name().items():
        module.quantising = name == "0.weight"
    nearest = error(network, quantised)
    assert compensate_weights(quantised, images()) == ["0.weight"]
    assert error(network, quantised) < (0.5 if layer.groups == 1 else 0.9) * nearest


def test_all_kinds_of_layers_take_part():
    _, quantised = made(4)
    assert set(compensate_weights(quantised, images())) == {
        "plain.weight", "strided.weight", "grouped.weight", "linear.weight", "up.weight",
    }  # fmt: skip


@pytest.mark.parametrize("preset", ["openvino", "npu"])  # a scale for each channel, and for all
@pytest.mark.parametrize("outputs", [3, 5])
def test_errors_of_transposed_weights_cancel(preset, outputs):
    torch.manual_seed(0)
    network = nn.Sequential(nn.ConvTranspose2d(3, outputs, 4, stride=2, padding=1)).eval()
    quantised = quantize(copy.deepcopy(network), build_scheme(preset, weight_bits=4))
    calibrate(quantised, images())
    for name, module in quantizer_of(quantised).by_name().items():
        module.quantising = name == "0.weight"
    nearest = error(network, quantised)
    assert compensate_weights(quantised, images()) == ["0.weight"]
    assert error(network, quantised) < 0.5 * nearest


def test_weights_are_integers_of_the_same_grid():
    _, quantised = made(4)
    scales = {name: m.scale.clone() for name, m in quantizer_of(quantised).by_name().items()}
    compensate_weights(quantised, images())
    for name, module in quantizer_of(quantised).by_name().items():
        assert torch.equal(module.scale, scales[name])
    weight, scale = quantised.plain.weight, scales["plain.weight"].view(-1, 1, 1, 1)
    integers = weight / scale
    assert torch.allclose(integers, integers.round(), atol=1e-4)
    assert integers.min() >= -8
    assert integers.max() <= 7
    before = [quantised(x) for x in images()]
    bake_weights(quantised)
    for x, out in zip(images(), before, strict=True):
        assert torch.allclose(quantised(x), out, atol=1e-6)


def test_one_input_after_the_other_as_published():
    """Against the sequence written out for one linear layer: Eq. 2 and 3 of GPTQ, inverses anew."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(5, 4)).eval()
    x = torch.randn(200, 5) @ torch.randn(5, 5)
    scheme = build_scheme("openvino", weight_bits=4, image_grid=False)
    quantised = calibrate(quantize(copy.deepcopy(network), scheme, [x]), [x])
    spots = quantizer_of(quantised).by_name()
    entering = next(spots[s] for s in quantizer_of(quantised).plan.inputs.values())(x).double()
    scale = spots["0.weight"].scale.double()
    hessian = entering.t() @ entering
    hessian += 0.01 * hessian.diagonal().mean() * torch.eye(5)
    left, weight = hessian.diagonal().argsort(descending=True).tolist(), network[0].weight.double()
    weight = weight.detach().clone()
    while left:
        inverse = torch.linalg.inv(hessian[left][:, left])
        q, rest = left[0], left[1:]
        rounded = (weight[:, q] / scale).round().clamp(-8, 7) * scale
        weight[:, rest] -= ((weight[:, q] - rounded) / inverse[0, 0])[:, None] * inverse[0, 1:]
        weight[:, q] = rounded
        left = rest
    compensate_weights(quantised, [x])
    assert torch.allclose(quantised[0].weight.double(), weight, atol=1e-6)
    assert not torch.allclose(weight, (network[0].weight / scale[:, None]).round() * scale[:, None])


def test_balanced_channels_stay_balanced():
    _, quantised = made(4, overrides=[{"pattern": "plain", "balance": True}])
    with torch.no_grad():
        quantised.plain.weight[0] = 0  # a pruned channel
    compensate_weights(quantised, images())
    balance = quantizer_of(quantised).balances()["plain"]
    integers = balance.into(quantised.plain.weight)
    integers = integers / quantizer_of(quantised).by_name()["plain.weight"].scale.view(-1, 1, 1, 1)
    assert torch.allclose(integers, integers.round(), atol=1e-3)
