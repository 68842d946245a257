from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from mmsrkd.deploy.tensorrt_lint import lint

from .qdq_files import SIGNED, UNSIGNED, Graph, float_file, two_convolutions


def _replace(model: onnx.ModelProto, name: str, value: np.ndarray) -> None:
    entry = next(entry for entry in model.graph.initializer if entry.name == name)
    entry.CopyFrom(numpy_helper.from_array(value, name))


def _node(model: onnx.ModelProto, name: str) -> onnx.NodeProto:
    return next(node for node in model.graph.node if node.name == name)


@pytest.fixture
def good(tmp_path: Path) -> onnx.ModelProto:
    return onnx.load(two_convolutions(tmp_path / "network.onnx", SIGNED, bits=8))


def test_a_symmetric_int8_file_is_fine(good: onnx.ModelProto):
    assert lint(good) == []


def test_a_constant_node_is_a_constant(good: onnx.ModelProto):
    value = numpy_helper.from_array(np.float32(0.5))
    node = helper.make_node("Constant", [], ["given"], value=value)
    good.graph.node.insert(0, node)
    for end in ("q", "dq"):
        _node(good, f"n_hidden_{end}").input[1] = "given"
    assert lint(good) == []


def test_uint8_is_found_at_every_node(tmp_path: Path):
    findings = lint(two_convolutions(tmp_path / "network.onnx", UNSIGNED))
    assert [finding.node for finding in findings] == [
        f"n_{name}_{end}" for name in ("input", "hidden", "result") for end in ("q", "dq")
    ]
    assert str(findings[0]) == (
        "n_input_q: it is uint8, but numbers are int8; quantise with preset tensorrt"
    )


def test_float_convolutions_are_found(tmp_path: Path):
    found = [str(finding) for finding in lint(float_file(tmp_path / "network.onnx"))]
    assert len(found) == 4
    assert "n_hidden: its input input comes from a float tensor" in found[0]
    assert "n_output: its input active comes from LeakyRelu" in found[2]


def _zero_point(model):
    _replace(model, "hidden_zero", np.int8(3))


def _scale_zero(model):
    _replace(model, "hidden_scale", np.float32(0))


def _scale_nan(model):
    _replace(model, "w1_scale", np.full(8, np.nan, np.float32))


def _computed_scale(model):
    _node(model, "n_hidden_q").input[1] = "computed"


def _no_zero_point(model):
    del _node(model, "n_hidden_q").input[2]


def _between_q_and_dq(model):
    _node(model, "n_hidden_dq").input[0] = "moved"
    index = list(model.graph.node).index(_node(model, "n_hidden_dq"))
    model.graph.node.insert(
        index, helper.make_node("Reshape", ["hidden_q", "shape"], ["moved"], name="mover")
    )


def _axis(model):
    _node(model, "n_w1_dq").attribute[0].i = 1


def _integer_bias(model):
    dq = helper.make_node("DequantizeLinear", ["b1", "hidden_scale"], ["b1_dq"], name="bias")
    model.graph.initializer.append(numpy_helper.from_array(np.zeros(8, np.int32), "b1_q"))
    dq.input[0] = "b1_q"
    dq.input.append("hidden_zero")
    model.graph.node.insert(0, dq)
    _node(model, "n_hidden").input[2] = "b1_dq"


@pytest.mark.parametrize(
    ("spoil", "node", "found", "fix"),
    [
        (_zero_point, "n_hidden_q", "its zero point is not 0", "symmetrically"),
        (_scale_zero, "n_hidden_q", "its scale is 0", "calibrate again"),
        (_scale_nan, "n_w1_dq", "its scale is nan", "calibrate again"),
        (_computed_scale, "n_hidden_q", "its scale computed is computed", "fold what"),
        (_no_zero_point, "n_hidden_q", "means uint8", "int8 zero point of 0"),
        (_between_q_and_dq, "n_hidden_q", "Reshape comes next", "move what is between"),
        (_axis, "n_w1_dq", "its axis is 1", "write axis=0"),
        (_integer_bias, "n_hidden", "bias b1_dq is a dequantised integer", "float32"),
    ],
)
def test_each_rule_names_node_and_fix(good: onnx.ModelProto, spoil, node, found, fix):
    spoil(good)
    assert [f for f in lint(good) if f.node == node and found in f.found and fix in f.fix]


def test_a_transposed_convolution_has_its_channels_second(tmp_path: Path):
    graph = Graph()
    x = graph.qdq("input", *SIGNED)
    weight = graph.weight("w", np.ones((3, 3, 2, 2), np.float32), 8, axis=1)
    graph.node("ConvTranspose", [x, weight], "output", strides=[2, 2])
    assert lint(graph.save(tmp_path / "up.onnx", scale=2)) == []
