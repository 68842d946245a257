"""ONNX Runtime on the CPU."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from ..moved_values import round_moved_values
from ..wide_sums import keep_wide_sums
from .base import Artefact, Backend, Run, copy_file, with_suffix
from .executed import Layer
from .half import halve

#: Operators that move or convert numbers and compute none.
MOVES = frozenset(
    {
        "Cast",
        "Constant",
        "ConstantOfShape",
        "DepthToSpace",
        "DequantizeLinear",
        "Expand",
        "Flatten",
        "Gather",
        "Identity",
        "Pad",
        "QuantizeLinear",
        "ReorderInput",
        "ReorderOutput",
        "Reshape",
        "Shape",
        "Slice",
        "SpaceToDepth",
        "Split",
        "Squeeze",
        "Transpose",
        "Unsqueeze",
    }
)
_OTHER_FLOATS = {onnx.TensorProto.FLOAT16: "fp16", onnx.TensorProto.BFLOAT16: "bf16"}
_CPU_FP16 = (
    "fp16 halves the file; ONNX Runtime has no fp16 kernels for the CPU and computes in fp32, "
    "so that it is not faster here"
)
_WIDE_SUMS = (
    "{} convolutions run in int8 with sums of 32 bits that are not rounded; where every result is "
    "rounded (preset cpu), ONNX Runtime is faster"
)


class OnnxRuntime(Backend):
    """The file is the ONNX file itself; ONNX Runtime optimises when it loads it.

    fp16 stores and computes in halves inside and keeps float32 at both ends.
    """

    name = "onnxruntime"
    suffixes = (".onnx",)
    precisions = ("fp32", "fp16", "int8")
    packages: ClassVar = {"onnxruntime": "onnxruntime"}

    def convert(self, onnx_file: Path, precision: str, out: Path) -> Artefact:
        """Copy the file; make its numbers halves, or integers of what would run in float."""
        path = with_suffix(out, ".onnx")
        if precision == "fp16":
            halve(onnx_file, path)
            return Artefact(self.name, precision, (path,), notes=(_CPU_FP16,))
        copy_file(onnx_file, path)
        wide = _prefer_integers(path) if precision == "int8" else 0
        notes = (_WIDE_SUMS.format(wide),) if wide else ()
        return Artefact(self.name, precision, (path,), notes=notes)

    def open(self, artefact: Artefact, threads: int) -> Run:
        """Load the file."""
        return open_output(artefact.files[0], threads)

    def layers(self, artefact: Artefact) -> tuple[Layer, ...]:
        """Read the graph that ONNX Runtime saves after its optimisation."""
        graph = optimised_model(artefact.files[0]).graph
        types = _element_types(graph)
        return tuple(
            Layer(node.name, node.op_type, _precision(node, types))
            for node in graph.node
            if node.op_type not in MOVES
        )


def _prefer_integers(path: Path) -> int:
    """Change a file so that it runs in integers; returns how many sums keep their 32 bits."""
    model = onnx.load(path)
    moved, wide = round_moved_values(model), keep_wide_sums(model)
    if moved or wide:
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)
    return wide


def open_session(
    path: Path | bytes, threads: int, *, optimise: bool = True, save_to: Path | None = None
) -> onnxruntime.InferenceSession:
    """Open an ONNX file on the CPU.

    Args:
        path: The file, or its bytes.
        threads: Threads inside an operator.
        optimise: With every graph optimisation, as by default, or with none.
        save_to: Where to write the optimised graph.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # errors: its warnings are about its own optimiser
    level = onnxruntime.GraphOptimizationLevel
    options.graph_optimization_level = level.ORT_ENABLE_ALL if optimise else level.ORT_DISABLE_ALL
    if save_to is not None:
        options.optimized_model_filepath = str(save_to)
    source = path if isinstance(path, bytes) else str(path)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def open_output(path: Path, threads: int, index: int = -1) -> Run:
    """Open an ONNX file for one of its outputs, by default the last, which is the main one."""
    return _as_run(open_session(path, threads), index)


def plain_run(path: Path, index: int = -1) -> Run:
    """Open an ONNX file to be executed node by node as it is written."""
    return _as_run(open_session(path, 1, optimise=False), index)


def _as_run(session: onnxruntime.InferenceSession, index: int) -> Run:
    (name,) = (entry.name for entry in session.get_inputs())
    wanted = [session.get_outputs()[index].name]

    def run(image: NDArray[np.float32]) -> NDArray[np.float32]:
        (out,) = session.run(wanted, {name: image})
        return out

    return run


def optimised_model(path: Path) -> onnx.ModelProto:
    """Return the graph ONNX Runtime executes for a file on this CPU."""
    with tempfile.TemporaryDirectory(prefix="mmsrkd-ort-") as folder:
        saved = Path(folder) / "optimised.onnx"
        open_session(path, 1, save_to=saved)
        return onnx.load(saved)


def _precision(node: onnx.NodeProto, types: dict[str, int]) -> str:
    if node.op_type.startswith(("QLinear", "QGemm")) or "Integer" in node.op_type:
        return "int8"
    found = {_OTHER_FLOATS[types[i]] for i in node.input if types.get(i) in _OTHER_FLOATS}
    return found.pop() if found else "fp32"


def _element_types(graph: onnx.GraphProto) -> dict[str, int]:
    """Element type of every tensor of a float graph, as far as its operators tell."""
    types = {entry.name: entry.data_type for entry in graph.initializer}
    types |= {entry.name: entry.type.tensor_type.elem_type for entry in graph.input}
    for node in graph.node:
        cast_to = [a.i for a in node.attribute if a.name == "to" and node.op_type == "Cast"]
        known = cast_to or [types[name] for name in node.input if name in types]
        if known:
            types |= dict.fromkeys(node.output, known[0])
    return types
