"""What is done to an ONNX file with roundings in it, so that runtimes find integer kernels."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
from onnx import numpy_helper


class Constants:
    """The numbers a graph holds, by name, and a place to add some."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._values = {entry.name: entry for entry in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant" and node.attribute and node.attribute[0].HasField("t"):
                self._values[node.output[0]] = node.attribute[0].t

    def get(self, name: str) -> np.ndarray | None:
        """A number or an array; None for what is computed."""
        entry = self._values.get(name)
        return None if entry is None else numpy_helper.to_array(entry)

    def add(self, name: str, value: np.ndarray) -> str:
        """Add an array; returns its name."""
        tensor = numpy_helper.from_array(value, name)
        self._graph.initializer.append(tensor)
        self._values[name] = tensor
        return name


def tidy_roundings(model: onnx.ModelProto) -> None:
    """Bring Q/DQ pairs into the form that runtimes recognise, in place; values do not change.

    Weights become integers; a constant that is taken off a rounded value, or that multiplies it,
    becomes another zero point or scale of the same integers.
    """
    graph = model.graph
    constants = Constants(graph)
    _fold_weights(graph, constants)
    _own_numbers(graph, constants)
    while _reread(graph, constants):
        pass
    drop_unused(graph)


def is_rounded(model: onnx.ModelProto) -> bool:
    """Whether a file holds roundings."""
    return any(node.op_type == "QuantizeLinear" for node in model.graph.node)


def _fold_weights(graph: onnx.GraphProto, constants: Constants) -> None:
    """Replace QuantizeLinear of a constant by its result."""
    folded: dict[str, str] = {}
    for node in list(graph.node):
        if node.op_type != "QuantizeLinear":
            continue
        values, scale, zero = (constants.get(name) for name in node.input)
        if values is None or scale is None or zero is None:
            continue
        axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
        integers = _round(values, scale, zero, axis)
        folded[node.output[0]] = constants.add(f"{node.output[0]}_integers", integers)
        graph.node.remove(node)
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = folded.get(name, name)


def _own_numbers(graph: onnx.GraphProto, constants: Constants) -> None:
    """Give weights with a scale for each channel numbers of their own.

    The exporter lets equal numbers share one entry. Where a transposed convolution or a linear
    layer shared its zero points with convolutions, OpenVINO 2026.4 computed all of those in float.
    """
    for node in graph.node:
        if node.op_type != "DequantizeLinear":
            continue
        for index, what in ((1, "scale"), (2, "zero_point")):
            value = constants.get(node.input[index])
            if value is not None and value.ndim:
                node.input[index] = constants.add(f"{node.output[0]}_own_{what}", value)


def _round(values: np.ndarray, scale: np.ndarray, zero: np.ndarray, axis: int) -> np.ndarray:
    if scale.ndim:
        shape = [1] * values.ndim
        shape[axis] = -1
        scale, zero = scale.reshape(shape), zero.reshape(shape)
    info = np.iinfo(zero.dtype)
    integers = np.rint(values / scale) + zero.astype(np.float64)
    return np.asarray(np.clip(integers, info.min, info.max), zero.dtype)


def _reread(graph: onnx.GraphProto, constants: Constants) -> bool:
    """Turn one DequantizeLinear -> Sub or Mul by a number into one DequantizeLinear."""
    makers = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        if node.op_type not in ("Sub", "Mul"):
            continue
        dequantize = makers.get(node.input[0])
        number = constants.get(node.input[1])
        if dequantize is None or dequantize.op_type != "DequantizeLinear" or number is None:
            continue
        scale, zero = (constants.get(name) for name in dequantize.input[1:3])
        if scale is None or zero is None or scale.ndim or number.size != 1:
            continue
        changed = _other_reading(node.op_type, scale, zero, float(number.reshape(-1)[0]))
        if changed is None:
            continue
        stem = node.output[0]
        names = [
            constants.add(f"{stem}_{what}", value)
            for what, value in zip(("scale", "zero_point"), changed, strict=True)
        ]
        new = onnx.helper.make_node(
            "DequantizeLinear", [dequantize.input[0], *names], [stem], name=f"{node.name}_reread"
        )
        place = list(graph.node).index(node)
        graph.node.remove(node)
        graph.node.insert(place, new)
        return True
    return False


def _other_reading(
    kind: str, scale: np.ndarray, zero: np.ndarray, number: float
) -> tuple[np.ndarray, np.ndarray] | None:
    """Scale and zero point that make a subtraction or multiplication unnecessary; None if none."""
    if kind == "Mul":
        return (np.asarray(scale * number, np.float32), zero) if number > 0 else None
    steps = number / float(scale)
    moved = float(zero) + round(steps)
    info = np.iinfo(zero.dtype)
    if abs(steps - round(steps)) > 1e-4 or not info.min <= moved <= info.max:
        return None
    return scale, np.asarray(moved, zero.dtype)


def drop_unused(graph: onnx.GraphProto) -> None:
    """Remove nodes and numbers that nothing takes."""
    while True:
        taken = {name for node in graph.node for name in node.input}
        taken |= {output.name for output in graph.output}
        unused = [node for node in graph.node if not taken & set(node.output)]
        for node in unused:
            graph.node.remove(node)
        if not unused:
            break
    for tensor in list(_unused_tensors(graph, taken)):
        graph.initializer.remove(tensor)


def _unused_tensors(graph: onnx.GraphProto, taken: set[str]) -> Iterator[onnx.TensorProto]:
    return (tensor for tensor in graph.initializer if tensor.name not in taken)
