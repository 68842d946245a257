from __future__ import annotations

import copy

import pytest
import torch

from mmsrkd.models.networks import SPAN, LGRNet
from mmsrkd.quantization import (
    bake_weights,
    build_scheme,
    calibrate,
    quantize,
    quantizer_of,
)
from mmsrkd.quantization.quantizer import NotCalibratedError

from .networks import Odd, WithNorm, images


def quantised(network, preset="cpu", **numbers):
    return calibrate(quantize(network, build_scheme(preset, **numbers)), images())


def test_names_class_and_hooks_stay():
    network = LGRNet(channels=8, num_blocks=2)
    names, keys = dict(network.named_modules()), set(network.state_dict())
    seen = []
    network.body[1].conv2.register_forward_hook(lambda *_: seen.append("conv2"))
    made = quantised(network)
    assert type(made) is LGRNet
    assert names.items() <= dict(made.named_modules()).items()
    assert keys <= set(made.state_dict())
    seen.clear()
    made(images()[0])
    assert seen == ["conv2"]


def test_rounds_by_hand_what_it_rounds():
    """One layer, recomputed: weights per channel, image on its own grid, output as a picture."""
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3, padding=1))
    with torch.no_grad():
        network[0].bias.fill_(0.5)
    weight, bias = network[0].weight.detach().clone(), network[0].bias.detach().clone()
    made = quantised(network).eval()
    scale = weight.abs().amax((1, 2, 3), keepdim=True) / 63
    rounded = (weight / scale).round().clamp(-64, 63) * scale
    image = images()[1]
    expected = torch.nn.functional.conv2d(image, rounded, bias, padding=1)
    expected = (expected * 255).round().clamp(0, 255) / 255
    assert torch.allclose(made(image), expected, atol=1e-6)


def test_switched_off_it_is_the_float_network():
    torch.manual_seed(0)
    network = Odd().eval()
    image = images(1, (25, 27))[0]
    expected = network(image)
    made = quantised(copy.deepcopy(network))
    quantizer_of(made).switch(observing=False, quantising=False)
    assert torch.equal(made(image), expected)


@torch.no_grad()
@pytest.mark.parametrize("preset", ["cpu", "tensorrt"])
def test_biases_of_integer_sums_are_rounded_for_export(preset):
    """`onnxruntime` adds them as multiples of input scale times weight scale, TensorRT in float."""
    torch.manual_seed(0)
    made = quantised(Odd().eval(), preset)
    image, before = images()[1], made.tail.bias.clone()
    expected = made(image)
    bake_weights(made)
    quantizer = quantizer_of(made)
    if preset == "tensorrt":
        assert torch.equal(made.tail.bias, before)
        assert not quantizer.plan.reads
        return
    # not the layer behind the concatenation alone: also one called twice, which ends on one grid
    assert set(quantizer.plan.reads) == {"head", "shared", "shared~1", "tail"}
    read = quantizer.by_name()[quantizer.plan.reads["tail"]]
    sums = made.tail.bias / (read.scale * quantizer.by_name()["tail.weight"].scale)
    assert torch.allclose(sums, sums.round(), atol=2e-3)
    assert 0 < (made.tail.bias - before).abs().max() < 1e-3
    assert (made(image) - expected).abs().mean() < 1e-3


def test_a_layer_behind_integers_that_are_read_otherwise_keeps_its_bias():
    class Centred(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.last = torch.nn.Conv2d(3, 4, 1), torch.nn.Conv2d(4, 3, 1)

        def forward(self, x):
            return self.last(torch.sigmoid(self.first(x)) - 0.5)

    assert set(quantizer_of(quantised(Centred())).plan.reads) == {"first"}


def test_ways_that_depend_on_the_size_are_rounded_too():
    torch.manual_seed(0)
    network = Odd().eval()
    made = quantised(copy.deepcopy(network))
    for size in ((24, 28), (25, 27)):
        image = images(1, size)[0]
        error = (made(image) - network(image).clamp(0, 1)).abs().mean()
        assert 0 < error < 0.05


def test_a_picture_given_twice_is_rounded_anew():
    made, image = quantised(LGRNet(channels=8, num_blocks=1)), images(1)[0]
    before = made(image)
    image.mul_(0.5)
    assert not torch.equal(made(image), before)


def test_copies_are_apart():
    made = quantised(LGRNet(channels=8, num_blocks=1)).eval()
    twin = copy.deepcopy(made)
    with torch.no_grad():
        next(twin.parameters()).zero_()
    assert not torch.equal(twin(images()[0]), made(images()[0]))


def test_branches_are_merged_and_norms_folded_first():
    span = quantised(SPAN(channels=8, num_blocks=1))
    assert not any(".sk." in key for key in span.state_dict())
    torch.manual_seed(0)
    network = WithNorm().eval()
    expected = network(images()[0])
    made = quantize(copy.deepcopy(network), build_scheme("cpu"))
    quantizer_of(made).switch(observing=True, quantising=False)
    assert isinstance(made.norm, torch.nn.Identity)
    assert torch.allclose(made(images()[0]), expected, atol=1e-5)
    assert "conv" not in made.quantizer.plan.outputs  # a ReLU follows


def test_steps_of_weights_alone_are_learnt():
    made = quantised(LGRNet(channels=8, num_blocks=1), learned_step="weights")
    weights = {name for name, spot in made.quantizer.plan.spots.items() if spot.weight is not None}
    learnt = {name for name, spot in made.quantizer.by_name().items() if spot.learned}
    assert learnt == weights


def test_every_weight_and_learnt_step_gets_a_gradient():
    made = quantised(LGRNet(channels=8, num_blocks=2), learned_step=True).train()
    made(images()[0]).square().mean().backward()
    lacking = [name for name, p in made.named_parameters() if p.grad is None]
    assert not lacking


def test_rounding_before_calibration():
    made = quantize(LGRNet(channels=8, num_blocks=1), build_scheme("cpu"))
    with pytest.raises(
        NotCalibratedError, match=r"ranges are not known, that of .* first: calibrate"
    ):
        quantizer_of(made).switch(observing=False, quantising=True)


def test_ranges_that_were_only_looked_at():
    made = quantize(LGRNet(channels=8, num_blocks=1), build_scheme("cpu"))
    quantizer = quantizer_of(made)
    quantizer.switch(observing=True, quantising=False)
    made(images()[0])
    with pytest.raises(NotCalibratedError, match=r"only looked at .* take a later checkpoint"):
        quantizer.switch(observing=False, quantising=True)
    quantizer.settle()
    quantizer.switch(observing=False, quantising=True)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            {"pattern": "body.0.conv1", "activation_bits": 4},
            r"'body.0.conv1': activation_bits changes nothing, .* rounded are body\.0",
        ),
        (
            {"pattern": "body.0.act1.*", "weight_bits": 4},
            r"weight_bits is for layers with weights and 'body.0.act1.leaky_relu_0' has none",
        ),
        ({"pattern": "*.leaky*", "balance": True}, "balance is for layers with weights"),
    ],
)
def test_overrides_that_change_nothing(override, message):
    with pytest.raises(ValueError, match=message):
        quantize(
            LGRNet(channels=8, num_blocks=1),
            build_scheme("openvino", round_sums=False, overrides=[override]),
        )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learned_step": "weight"}, r"learned_step 'weight' is not offered; .* weights"),
        ({"weight_calibration": "max"}, r"weight_calibration 'max' .* minmax, mse"),
        ({"learned_step": True, "power_of_two": True}, "learned_step leaves the powers of two"),
        (
            {"overrides": [{"pattern": "head.0", "weight_bits": "four"}]},
            r"override 'head.0': weight_bits must be 2 to 8, got 'four'",
        ),
        (
            {"overrides": [{"pattern": "head.0", "activation_bits": -1}]},
            "activation_bits must be 2 to 8, got -1",
        ),
    ],
)
def test_schemes_that_make_no_sense(changes, message):
    with pytest.raises(ValueError, match=message):
        build_scheme("openvino", **changes)


@pytest.mark.parametrize(
    ("pictures", "message"),
    [
        ([], "no picture to calibrate with"),
        (
            [torch.full((1, 3, 16, 16), grey) for grey in (0.5, 0.25)],
            "every picture .* of one value, the first of 0.5",
        ),
    ],
)
def test_pictures_that_tell_nothing(pictures, message):
    made = quantize(LGRNet(channels=8, num_blocks=1), build_scheme("cpu"))
    with pytest.raises(ValueError, match=message):
        calibrate(made, pictures)


def test_twice_is_once_too_often():
    made = quantised(LGRNet(channels=8, num_blocks=1))
    with pytest.raises(ValueError, match="LGRNet is quantised already"):
        quantize(made, build_scheme("cpu"))
