"""Convolutions in integers whose sums keep their 32 bits, for ONNX Runtime."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper

from .qdq import Constants, drop_unused


def keep_wide_sums(model: onnx.ModelProto) -> int:
    """Make ``ConvInteger`` of convolutions that ONNX Runtime would execute in float, in place.

    It has integer kernels only for convolutions whose result is rounded at once, so that the layout
    ``trt``, and the last layers of some networks, would be dequantised and convolved in float.
    Weights become unsigned with zero point 128: ``ConvInteger`` is five times as fast with them as
    with signed ones, about as fast as a float convolution. Products of unsigned numbers do not
    saturate on CPUs without VNNI either, as was seen in ``QLinearConv`` on such a CPU.

    Args:
        model: With explicit Q/DQ, as `mmsrkd.deploy.qdq.tidy_roundings` leaves it.

    Returns:
        How many were changed.
    """
    graph = model.graph
    rewriting = _Rewriting(graph)
    changed = [node for node in list(graph.node) if rewriting.apply(node)]
    drop_unused(graph)
    return len(changed)


class _Rewriting:
    """The graph while it is changed."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.graph, self.constants = graph, Constants(graph)
        self.makers = {name: node for node in graph.node for name in node.output}
        self.users: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.users.setdefault(name, []).append(node)
        self.results = {output.name for output in graph.output}

    def apply(self, node: onnx.NodeProto) -> bool:
        """Replace a node if it is a convolution of rounded values with a result that is not."""
        if node.op_type != "Conv" or self._is_rounded(node.output[0]):
            return False
        image, weight = (self.makers.get(name) for name in node.input[:2])
        if not (_dequantizes(image) and _dequantizes(weight)):
            return False
        assert image is not None and weight is not None
        integers = self.constants.get(weight.input[0])
        zero = self.constants.get(image.input[2])
        if integers is None or integers.dtype != np.int8 or zero is None or zero.dtype != np.uint8:
            return False
        place = list(self.graph.node).index(node)
        self.graph.node.remove(node)
        for new in reversed(self._replacement(node, image, weight, integers)):
            self.graph.node.insert(place, new)
        return True

    def _is_rounded(self, name: str) -> bool:
        """Whether a result is rounded at once, maybe behind a ReLU."""
        users = self.users.get(name, [])
        if name in self.results or not users:
            return False
        if [user.op_type for user in users] == ["Relu"]:
            return self._is_rounded(users[0].output[0])
        return all(user.op_type == "QuantizeLinear" for user in users)

    def _replacement(
        self,
        node: onnx.NodeProto,
        image: onnx.NodeProto,
        weight: onnx.NodeProto,
        integers: np.ndarray,
    ) -> list[onnx.NodeProto]:
        stem = node.output[0]
        shifted = (integers.astype(np.int16) + 128).astype(np.uint8)
        scale = self._constant(image.input[1]) * self._constant(weight.input[1])
        names = [
            self.constants.add(f"{stem}_{what}", value)
            for what, value in (
                ("weight", shifted),
                ("weight_zero_point", np.asarray(128, np.uint8)),
                ("scale", np.asarray(scale, np.float32)),
            )
        ]
        sums = helper.make_node(
            "ConvInteger",
            [image.input[0], names[0], image.input[2], names[1]],
            [f"{stem}_sums"],
            name=f"{node.name}_integer",
        )
        sums.attribute.extend(node.attribute)
        biased = len(node.input) > 2
        scaled = f"{stem}_without_bias" if biased else stem
        nodes = [sums, _dequantize(f"{stem}_sums", names[2], scaled, node.name)]
        if biased:
            bias = self._constant(node.input[2]).reshape(-1, 1, 1)
            column = self.constants.add(f"{stem}_bias", bias)
            nodes.append(
                helper.make_node("Add", [scaled, column], [stem], name=f"{node.name}_bias")
            )
        return nodes

    def _constant(self, name: str) -> np.ndarray:
        value = self.constants.get(name)
        if value is None:
            raise ValueError(f"{name} is computed; scales and biases have to be constants")
        return value


def _dequantizes(node: onnx.NodeProto | None) -> bool:
    return node is not None and node.op_type == "DequantizeLinear" and len(node.input) == 3


def _dequantize(sums: str, scale: str, out: str, name: str) -> onnx.NodeProto:
    return helper.make_node(
        "DequantizeLinear", [sums, scale], [out], name=f"{name}_dequantize", axis=1
    )
