from __future__ import annotations

import pytest
from torch import nn

from mmsrkd.models.networks import SPAN, VDSR, LGRNet
from mmsrkd.quantization.overrides import UnusedPatternError
from mmsrkd.quantization.placement import PICTURE, SIGMOID, place
from mmsrkd.quantization.recording import record
from mmsrkd.quantization.scheme import Override, build_scheme

from .networks import Odd, images


def plan(network, preset="cpu", **numbers):
    return place(record(network.eval(), images(1)), build_scheme(preset, **numbers))


def test_onnx_runtime_rounds_behind_every_operation():
    made = plan(LGRNet(channels=8, num_blocks=1))
    assert list(made.outputs) == [
        "head.0",
        "head.1.leaky_relu_0",
        "body.0.conv1",
        "body.0.act1.leaky_relu_0",
        "body.0.conv2",
        "body.0.act2.leaky_relu_0",
        "body.0.conv3",
        "body.0.add_0",
        "body.0.attention.sigmoid_0",
        "body.0.mul_0",
        "tail.0",
        "tail.1.leaky_relu_0",
        "add_0",
        "upsampler.0",
    ]
    assert set(made.inputs) == {("head.0", 0)}  # the picture; everything else is rounded already


def test_tensorrt_rounds_what_enters_convolutions_and_additions():
    made = plan(LGRNet(channels=8, num_blocks=1, attention="none"), "tensorrt")
    assert not made.outputs
    # conv3 adds the block's input to its own sums, so only that input is rounded
    assert ("body.0.add_0", 1) in made.inputs
    assert ("body.0.add_0", 0) not in made.inputs
    assert made.inputs["body.0.conv1", 0] == made.inputs["body.0.add_0", 1]  # one value, one grid


def test_sums_may_stay_in_float():
    made = plan(LGRNet(channels=8, num_blocks=1), "openvino", round_sums=False)
    assert not any("add" in address for address, _ in made.inputs)
    assert ("upsampler.0", 0) in made.inputs  # every convolution still takes integers
    with pytest.raises(ValueError, match="round_sums=False needs layout 'trt'"):
        build_scheme("cpu", round_sums=False)


def test_pictures_and_sigmoids_have_known_grids():
    made = plan(LGRNet(channels=8, num_blocks=1))
    assert made.spots["image:out"].fixed == PICTURE
    assert made.spots["upsampler.0"].fixed == PICTURE  # then pixels move, and the image is there
    assert made.spots["body.0.attention.sigmoid_0"].fixed == SIGMOID
    assert plan(LGRNet(channels=8, num_blocks=1), image_grid=False).spots["image:out"].fixed is None


def test_a_relu_is_left_to_the_rounding_behind_it():
    made = plan(Odd())
    assert "shared" not in made.outputs
    assert "act.relu_0" in made.outputs


def test_the_picture_beside_the_network_stays_whole():
    made = plan(VDSR(channels=4, num_layers=2))
    assert not any("upsampler" in address for address in made.outputs)
    assert "add_0" not in made.outputs  # the picture, to which details are added


def enlarging(activation: nn.Module) -> nn.Module:
    last = nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1)
    return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), activation, last)


def test_transposed_convolutions_take_inputs_with_zero_point_0():
    # the only ones that OpenVINO's integer kernel takes
    made = plan(enlarging(nn.PReLU(4)), "openvino")
    assert made.spots[made.inputs["2", 0]].grid.symmetric
    assert made.spots[made.inputs["2", 0]].grid.signed
    assert not made.spots[made.inputs["0", 0]].grid.symmetric
    # what is never negative has the zero point 0 anyway, and keeps its sign bit for values
    made = plan(enlarging(nn.ReLU()), "openvino")
    assert not made.spots[made.inputs["2", 0]].grid.signed
    # the grid of others is shared as ever where it has that zero point
    made = plan(enlarging(nn.PReLU(4)), "tensorrt")
    assert made.inputs["2", 0] == "1.prelu_0:out"


def test_onnx_runtime_executes_transposed_convolutions_in_float():
    made = plan(enlarging(nn.PReLU(4)))
    assert made.unrounded == ["2"]
    assert set(made.weights) == {"0"}
    assert "2" not in made.outputs
    assert ("2", 0) not in made.inputs
    with pytest.raises(UnusedPatternError, match=r"'2': weight_bits changes nothing.*float"):
        plan(enlarging(nn.PReLU(4)), overrides=[Override("2", weight_bits=8)])


def test_exceptions_by_name():
    overrides = [
        Override("conv_1*", precision="float"),
        Override("block_1.*", weight_bits=4),
    ]
    made = plan(SPAN(channels=8, num_blocks=2, deploy=True), overrides=overrides)
    assert made.unrounded == ["conv_1.eval_conv"]
    assert made.spots["block_1.c1_r.eval_conv.weight"].grid.bits == 4
    assert made.spots["block_2.c1_r.eval_conv.weight"].grid.bits == 7


def test_a_pattern_that_fits_nothing():
    with pytest.raises(UnusedPatternError, match=r"'haed\.\*' fits nothing.*layers are head\.0, "):
        plan(LGRNet(channels=8, num_blocks=1), overrides=[Override("haed.*", precision="float")])


def test_nothing_left():
    with pytest.raises(ValueError, match="no convolution or linear layer is left to quantise"):
        plan(LGRNet(channels=8, num_blocks=1), overrides=[Override("*", precision="float")])
