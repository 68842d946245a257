"""Where a runtime's optimised graph parts from its ONNX file run as it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray

from .backends import Artefact
from .backends.onnxruntime import open_session, optimised_model
from .backends.openvino import compile_model
from .qdq import Constants

#: Rounding of a tie may fall either way, and a layer may add two of them; beyond that something
#: else differs, or a layer magnifies what differed before it (the mean tells which).
STEPS = 2.5
#: Of the tensor's largest value, for tensors that are not quantised.
RELATIVE = 1e-3
#: Of a tensor's numbers. Layers magnify a rounding that fell the other way, in few places; a kernel
#: that computes something else does so in many, if only along the border.
SPREAD = 1e-3

Image = NDArray[np.float32]


@dataclass(frozen=True)
class Divergence:
    """A tensor that differs.

    Attributes:
        tensor: Its name in the ONNX file.
        node: Operator and name of the node that makes it.
        difference: The largest.
        mean: The mean absolute difference.
        unit: ``quantisation steps`` or ``of its largest value``.
        spread: Share of the numbers that differ by more than rounding explains.
    """

    tensor: str
    node: str
    difference: float
    mean: float
    unit: str
    spread: float

    def __str__(self) -> str:
        return (
            f"the first tensor that differs is {self.tensor} ({self.node}), by "
            f"{self.difference:.3g} {self.unit} at most and {self.mean:.2g} on average, "
            f"in {self.spread:.2%} of its numbers beyond rounding"
        )


def first_divergence(artefact: Artefact, onnx_file: Path, image: Image) -> Divergence | None:
    """Find the first tensor in which optimising changed more than rounding.

    Quantised files are compared where they quantise, in steps; float files at every tensor that is
    left after the optimisation. Watching a tensor keeps it from being fused away, so no more are
    watched than the optimised graph still has, and in OpenVINO one at a time.

    Args:
        artefact: What the runtime executes.
        onnx_file: What it was made from.
        image: (N, C, H, W) float32.

    Returns:
        The first that differs in many places, else the first that differs at all. None for runtimes
        that name no tensors (ncnn, TensorRT), and where nothing differs.
    """
    finders = {"onnxruntime": _in_onnxruntime, "openvino": _in_openvino}
    if artefact.backend not in finders:
        return None
    few = None
    for found in finders[artefact.backend](artefact, onnx_file, image):
        if found.spread >= SPREAD:
            return found
        if found.spread > 0:
            few = few or found
    return few


def _in_onnxruntime(artefact: Artefact, source: Path, image: Image) -> Iterator[Divergence]:
    executed = onnx.load(artefact.files[0])
    # an int8 file may have been rewritten, which is where it can go wrong; halves differ by design
    model = onnx.load(source) if artefact.precision == "int8" else executed
    watched = _quantised(model, of="QuantizeLinear")
    if watched:
        left = {name for node in executed.graph.node for name in node.output}
    else:
        optimised = optimised_model(artefact.files[0])
        left = {name for node in optimised.graph.node for name in node.output}
        watched = [name for node in model.graph.node for name in node.output]
    watched = [name for name in watched if name in left]
    plain = _run_watching(model, watched, image, optimise=False)
    found = _run_watching(executed, watched, image, optimise=True)
    for name, wanted, got in zip(watched, plain, found, strict=True):
        yield _compare(model, name, wanted, got)


def _in_openvino(artefact: Artefact, source: Path, image: Image) -> Iterator[Divergence]:
    import openvino

    model = onnx.load(source)
    watched = _quantised(model, of="DequantizeLinear") or [
        name for node in model.graph.node for name in node.output
    ]
    outputs = {entry.name for entry in model.graph.output}
    plain = _run_watching(model, watched, image, optimise=False)
    for name, wanted in zip(watched, plain, strict=True):
        graph = openvino.Core().read_model(str(source))
        if name not in outputs:
            try:
                graph.add_outputs(name)
            except RuntimeError:  # folded away while reading
                continue
        graph.reshape(image.shape)  # int8 graphs of any size may crash
        found = compile_model(graph, artefact.precision, 1)(image)
        got = found[len(found) - 1]
        yield _compare(model, name, wanted, got)


def _quantised(model: onnx.ModelProto, of: str) -> list[str]:
    """Outputs of the Q or DQ nodes of activations, in the order of execution."""
    constants = Constants(model.graph)
    weights = {""}
    found = []
    for node in model.graph.node:
        if node.op_type not in ("QuantizeLinear", "DequantizeLinear"):
            continue
        if node.input[0] in weights or constants.get(node.input[0]) is not None:
            weights.add(node.output[0])
        elif node.op_type == of:
            found.append(node.output[0])
    return found


def _run_watching(
    model: onnx.ModelProto, names: Sequence[str], image: Image, *, optimise: bool
) -> list[np.ndarray]:
    """Run a copy of the model that gives these tensors too."""
    watching = onnx.ModelProto()
    watching.CopyFrom(model)
    there = {entry.name for entry in model.graph.output}
    # ONNX Runtime infers the types of outputs that are named only
    watching.graph.output.extend(onnx.ValueInfoProto(name=n) for n in names if n not in there)
    session = open_session(watching.SerializeToString(), 1, optimise=optimise)
    return session.run(list(names), {session.get_inputs()[0].name: image})


def _compare(model: onnx.ModelProto, name: str, wanted: np.ndarray, got: np.ndarray) -> Divergence:
    node = next(node for node in model.graph.node if name in node.output)
    difference = np.abs(wanted.astype(np.float64) - got.astype(np.float64))
    if node.op_type in ("QuantizeLinear", "DequantizeLinear"):
        one = 1.0 if node.op_type == "QuantizeLinear" else _scale(model, node)
        unit = "quantisation steps"
    else:
        one, unit = float(np.abs(wanted).max()) or 1.0, "of its largest value"
    difference /= one
    where = f"{node.op_type} {node.name}".strip()
    beyond = difference > (STEPS if "steps" in unit else RELATIVE)
    return Divergence(
        name, where, float(difference.max()), float(difference.mean()), unit, float(beyond.mean())
    )


def _scale(model: onnx.ModelProto, node: onnx.NodeProto) -> float:
    """Scale of a DQ node, its smallest where it has several; 1 where it is computed."""
    scale = Constants(model.graph).get(node.input[1])
    return 1.0 if scale is None else float(scale.min())
