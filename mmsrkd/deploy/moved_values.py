"""Rounded values that are rearranged before they are convolved, for ONNX Runtime."""

from __future__ import annotations

import onnx
from onnx import helper

#: Operators that give the numbers they take, in another order.
MOVES = ("DepthToSpace", "Reshape", "Slice", "SpaceToDepth", "Split", "Transpose")


def round_moved_values(model: onnx.ModelProto) -> int:
    """Round once more what is split or shuffled between its rounding and a convolution, in place.

    ONNX Runtime finds its integer kernel only where the dequantisation is next to the convolution.
    The grid is the same, so that values do not change.

    Returns:
        How many values were rounded again.
    """
    graph = model.graph
    dequantised = {n.output[0]: n for n in graph.node if n.op_type == "DequantizeLinear"}
    convolved = {n.input[0] for n in graph.node if n.op_type == "Conv"}
    nodes: list[onnx.NodeProto] = []
    rounded: dict[str, str] = {}
    for node in graph.node:  # in the order of execution, so that moves may follow moves
        for index, name in enumerate(node.input):
            node.input[index] = rounded.get(name, name)
        nodes.append(node)
        source = dequantised.get(node.input[0]) if node.input else None
        if source is None or node.op_type not in MOVES or _by_channel(source):
            continue
        if not convolved.intersection(_reached(graph, node)):
            continue
        for name in node.output:
            pair = _pair(name, source)
            nodes += pair
            rounded[name] = pair[1].output[0]
            dequantised[rounded[name]] = pair[1]
    del graph.node[:]
    graph.node.extend(nodes)
    return len(rounded)


def _by_channel(node: onnx.NodeProto) -> bool:
    return any(attribute.name == "axis" for attribute in node.attribute) or len(node.input) < 3


def _reached(graph: onnx.GraphProto, start: onnx.NodeProto) -> set[str]:
    """What a move gives, and what further moves make of it."""
    names = set(start.output)
    for node in graph.node:
        if node.op_type in MOVES and names.intersection(node.input[:1]):
            names.update(node.output)
    return names


def _pair(name: str, source: onnx.NodeProto) -> list[onnx.NodeProto]:
    grid = source.input[1:3]
    return [
        helper.make_node(f"{kind}Linear", [given, *grid], [made], name=f"{name}_{kind}")
        for kind, given, made in (
            ("Quantize", name, f"{name}_integers"),
            ("Dequantize", f"{name}_integers", f"{name}_rounded"),
        )
    ]
