"""Small ONNX files with explicit Q/DQ, made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH = 8
#: Q/DQ of activations: scale, zero point.
UNSIGNED = (1 / 255, np.uint8(0))
SIGNED = (1 / 127, np.int8(0))
#: A zero point that is not at the end, so that padding has to know it.
CENTRED = (2 / 255, np.uint8(101))


class Graph:
    """Nodes and initialisers as they are added; every tensor is called as it is passed."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Any) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], out: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [out], name=f"n_{out}", **attributes))
        return out

    def qdq(self, name: str, scale: float, zero: Any) -> str:
        """Quantise a tensor and dequantise it again."""
        what = [
            self.constant(f"{name}_scale", np.float32(scale)),
            self.constant(f"{name}_zero", zero),
        ]
        self.node("QuantizeLinear", [name, *what], f"{name}_q")
        return self.node("DequantizeLinear", [f"{name}_q", *what], f"{name}_dq")

    def weight(self, name: str, value: np.ndarray, bits: int = 7, axis: int = 0) -> str:
        """Dequantise an int8 weight, a scale for each slice along the axis."""
        others = tuple(i for i in range(4) if i != axis)
        limit = 2 ** (bits - 1) - 1
        scale = (np.abs(value).max(axis=others) / limit).astype(np.float32)
        shape = [-1 if i == axis else 1 for i in range(4)]
        whole = np.clip(np.round(value / scale.reshape(shape)), -limit, limit).astype(np.int8)
        zeros = np.zeros(len(scale), np.int8)
        given = [
            self.constant(f"{name}_{part}", data)
            for part, data in (("q", whole), ("scale", scale), ("zero", zeros))
        ]
        return self.node("DequantizeLinear", given, f"{name}_dq", axis=axis)

    def save(self, path: Path, dims: tuple[Any, ...] = ("n", 3, "h", "w"), scale: int = 1) -> Path:
        out_dims = [d if isinstance(d, str) and scale == 1 else None for d in dims]
        ends = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, size)
            for name, size in (("input", dims), ("output", out_dims))
        ]
        graph = helper.make_graph(self.nodes, "g", ends[:1], ends[1:], self.constants)
        opset = [helper.make_opsetid("", 17)]
        onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
        return path


def two_convolutions(
    path: Path,
    activation: tuple[float, Any] = UNSIGNED,
    bits: int = 7,
    weight_scale: float = 0.05,
) -> Path:
    """Write conv 3x3, conv 1x1 back to three channels, everything quantised, sizes kept.

    Args:
        path: The file.
        activation: Scale and zero point of every activation.
        bits: Of the weights; with 8, and weights of one sign, products saturate on CPUs without
            VNNI.
        weight_scale: Size of the weights.
    """
    rng = np.random.default_rng(0)
    graph = Graph()
    first = np.abs(rng.normal(size=(WIDTH, 3, 3, 3))).astype(np.float32) * weight_scale
    second = np.abs(rng.normal(size=(3, WIDTH, 1, 1))).astype(np.float32) * weight_scale
    x = graph.qdq("input", *activation)
    weight = graph.weight("w1", first, bits)
    graph.node("Conv", [x, weight, graph.constant("b1", np.zeros(WIDTH, np.float32))], "hidden",
               pads=[1, 1, 1, 1])  # fmt: skip
    hidden = graph.qdq("hidden", *activation)
    graph.node("Conv", [hidden, graph.weight("w2", second, bits)], "result")
    result = graph.qdq("result", *activation)
    graph.node("Identity", [result], "output")
    return graph.save(path)


def unrounded_results(path: Path, activation: tuple[float, Any] = CENTRED) -> Path:
    """Write two convolutions whose results nothing rounds at once; the second is grouped."""
    rng = np.random.default_rng(0)
    graph = Graph()
    first = rng.normal(size=(WIDTH, 3, 3, 3)).astype(np.float32) / 5
    second = rng.normal(size=(WIDTH, WIDTH // 2, 3, 3)).astype(np.float32) / 5
    x = graph.qdq("input", *activation)
    bias = graph.constant("b1", rng.normal(size=WIDTH).astype(np.float32))
    graph.node("Conv", [x, graph.weight("w1", first, 8), bias], "hidden", pads=[1] * 4)
    graph.node("LeakyRelu", ["hidden"], "active", alpha=0.1)
    active = graph.qdq("active", *activation)
    graph.node("Conv", [active, graph.weight("w2", second, 8)], "output",
               pads=[2] * 4, dilations=[2, 2], group=2)  # fmt: skip
    return graph.save(path)


def float_file(path: Path, dims: tuple[Any, ...] = ("n", 3, "h", "w")) -> Path:
    """Write conv 3x3, leaky ReLU, conv 1x1 back to three channels in float, sizes kept."""
    rng = np.random.default_rng(0)
    graph = Graph()
    for name, shape in (("w1", (WIDTH, 3, 3, 3)), ("w2", (3, WIDTH, 1, 1))):
        graph.constant(name, (rng.normal(size=shape) / 5).astype(np.float32))
    graph.node("Conv", ["input", "w1"], "hidden", pads=[1, 1, 1, 1])
    graph.node("LeakyRelu", ["hidden"], "active", alpha=0.1)
    graph.node("Conv", ["active", "w2"], "output")
    return graph.save(path, dims)


def narrow_file(path: Path) -> Path:
    """Write conv 1x1 of 12 channels into 56 with a PReLU behind, u8 with a zero point, any size."""
    rng = np.random.default_rng(0)
    graph = Graph()
    x = graph.qdq("input", 1 / 100, np.uint8(50))
    weight = graph.weight("w", rng.normal(size=(56, 12, 1, 1)).astype(np.float32) / 8)
    graph.node("Conv", [x, weight, graph.constant("b", np.zeros(56, np.float32))], "sums")
    slope = graph.constant("slope", rng.random((56, 1, 1), np.float32))
    graph.node("PRelu", ["sums", slope], "active")
    graph.node("Identity", [graph.qdq("active", 1 / 100, np.uint8(50))], "output")
    return graph.save(path, ("n", 12, "h", "w"))
