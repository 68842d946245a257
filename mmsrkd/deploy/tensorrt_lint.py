"""TensorRT's rules for explicit Q/DQ, checked on the ONNX file, with or without TensorRT.

The rules are those of the developer guide's chapter on explicit quantisation. What is found here
either stops the engine builder or leaves layers in float without a word.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnx

from .qdq import Constants

CONVOLUTIONS = ("Conv", "ConvTranspose")


@dataclass(frozen=True)
class Finding:
    """A broken rule.

    Attributes:
        node: Name of the node, or of its first output where it has none.
        rule: What TensorRT wants.
        found: What the file has.
        fix: What to do.
    """

    node: str
    rule: str
    found: str
    fix: str

    @property
    def stops(self) -> bool:
        """Whether it stops the engine builder; else a layer stays in float without a word."""
        return self.rule in _STOPPING

    def __str__(self) -> str:
        return f"{self.node}: {self.found}, but {self.rule}; {self.fix}"


_STOPPING = (
    "scales are constants",
    "scales are positive and finite",
    "numbers are int8",
    "zero points are constants",
    "zero points are 0",
)


def summarised(findings: Sequence[Finding]) -> list[str]:
    """Say every broken rule once, with its first node and how many others break it."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.rule, finding.fix), []).append(finding)
    return [
        f"{alike[0]}{f' (and so at {len(alike) - 1} more nodes)' if len(alike) > 1 else ''}"
        for alike in by_rule.values()
    ]


def lint(model: onnx.ModelProto | str | os.PathLike[str]) -> list[Finding]:
    """Check a Q/DQ file.

    Args:
        model: The model or its file.

    Returns:
        Every finding, in the order of the nodes; empty for a file TensorRT can build in int8.
    """
    loaded = model if isinstance(model, onnx.ModelProto) else onnx.load(os.fspath(model))
    graph = _Graph(loaded.graph)
    return [finding for node in loaded.graph.node for finding in _findings(node, graph)]


class _Graph:
    """Constants, producers and consumers by tensor name."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        #: Value of an initialiser or of a Constant node; None for anything that is computed.
        self.constant = Constants(graph).get
        self.producers = {name: node for node in graph.node for name in node.output}
        self.consumers: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for name in node.input:
                self.consumers.setdefault(name, []).append(node)

    def made_by(self, name: str) -> str:
        """Operator that makes a tensor; empty for inputs and initialisers."""
        return self.producers[name].op_type if name in self.producers else ""


def _findings(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    if node.op_type in ("QuantizeLinear", "DequantizeLinear"):
        yield from _scale(node, graph)
        yield from _zero_point(node, graph)
    if node.op_type == "QuantizeLinear":
        yield from _followed_by_dq(node, graph)
    if node.op_type in CONVOLUTIONS:
        yield from _fed_by_dq(node, graph)
        yield from _weight_axis(node, graph)
        yield from _bias(node, graph)


def _scale(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    scale = graph.constant(node.input[1])
    if scale is None:
        found = f"its scale {node.input[1]} is computed"
        yield _finding(node, "scales are constants", found, "fold what computes it")
    elif not (np.isfinite(scale) & (scale > 0)).all():
        found = f"its scale is {float(scale.min()):g}"
        fix = "calibrate again: a tensor that is always 0 wants any positive scale"
        yield _finding(node, "scales are positive and finite", found, fix)


def _zero_point(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    name = node.input[2] if len(node.input) > 2 else ""
    if not name:
        found = "it has no zero point, which means uint8"
        yield _finding(node, "numbers are int8", found, "give an int8 zero point of 0")
        return
    zero = graph.constant(name)
    if zero is None:
        found = f"its zero point {name} is computed"
        yield _finding(node, "zero points are constants", found, "fold what computes it")
        return
    if zero.dtype != np.int8:
        found = f"it is {zero.dtype}"
        yield _finding(node, "numbers are int8", found, "quantise with preset tensorrt")
    if np.any(zero):
        fix = "quantise symmetrically (preset tensorrt)"
        yield _finding(node, "zero points are 0", "its zero point is not 0", fix)


def _followed_by_dq(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    wrong = [c for c in graph.consumers.get(node.output[0], []) if c.op_type != "DequantizeLinear"]
    if wrong or node.output[0] not in graph.consumers:
        found = f"{wrong[0].op_type} comes next" if wrong else "nothing takes its output"
        fix = "move what is between them before Q or behind DQ"
        yield _finding(node, "DequantizeLinear follows at once", found, fix)


def _fed_by_dq(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    for what, name in zip(("input", "weight"), node.input[:2], strict=True):
        maker = graph.made_by(name)
        if maker != "DequantizeLinear":
            found = f"its {what} {name} comes from {maker or 'a float tensor'}"
            fix = f"quantise the {what}, or leave the layer in float on purpose"
            yield _finding(node, "both operands of an int8 convolution are dequantised", found, fix)


def _weight_axis(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    maker = graph.producers.get(node.input[1])
    if maker is None or maker.op_type != "DequantizeLinear":
        return
    scale = graph.constant(maker.input[1])
    axis = next((a.i for a in maker.attribute if a.name == "axis"), 1)
    # the output channels of a transposed convolution are its second dimension
    wanted = 0 if node.op_type == "Conv" else 1
    if scale is not None and scale.size > 1 and axis != wanted:
        rule = f"weights of {node.op_type} have a scale for each output channel (axis {wanted})"
        yield _finding(maker, rule, f"its axis is {axis}", f"write axis={wanted}")


def _bias(node: onnx.NodeProto, graph: _Graph) -> Iterator[Finding]:
    if len(node.input) > 2 and graph.made_by(node.input[2]) == "DequantizeLinear":
        found = f"its bias {node.input[2]} is a dequantised integer"
        yield _finding(node, "the bias is float", found, "write the bias as float32")


def _finding(node: onnx.NodeProto, rule: str, found: str, fix: str) -> Finding:
    return Finding(node.name or node.output[0], rule, found, fix)
