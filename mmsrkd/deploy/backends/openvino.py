"""OpenVINO on the CPU."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from .base import Artefact, Backend, Run, with_suffix
from .executed import Layer

#: Layer types that move or convert numbers and compute none.
MOVES = frozenset(
    {
        "Broadcast",
        "Const",
        "Convert",
        "DepthToSpace",
        "FakeQuantize",
        "Gather",
        "Input",
        "Output",
        "Pad",
        "Reorder",
        "Reshape",
        "Result",
        "ShapeOf",
        "Split",
        "StridedSlice",
        "Transpose",
    }
)
_NAMES = {"f32": "fp32", "f16": "fp16", "bf16": "bf16", "i8": "int8", "u8": "int8"}
_CRASHES = (
    "OpenVINO 2026.4 crashes at some sizes with int8 files for any size on CPUs with AMX "
    "(openvino#37577): reshape the model to the size before compiling it, or export with --shape"
)


class OpenVino(Backend):
    """Intermediate representation (.xml and .bin).

    fp32 fixes the inference precision, which OpenVINO would lower to bf16 by itself on CPUs that
    have it; fp16 stores halves and computes with them where the CPU can. int8 takes explicit Q/DQ,
    which OpenVINO fuses when it compiles; it is compiled for each size it is run at.
    """

    name = "openvino"
    suffixes = (".xml", ".bin")
    precisions = ("fp32", "fp16", "int8")
    packages: ClassVar = {"openvino": "openvino"}

    def convert(self, onnx_file: Path, precision: str, out: Path) -> Artefact:
        """Convert with OpenVINO's own ONNX front end."""
        self.require()
        import openvino

        path = with_suffix(out, ".xml")
        model = openvino.convert_model(str(onnx_file))
        openvino.save_model(model, str(path), compress_to_fp16=precision == "fp16")
        notes: tuple[str, ...] = ()
        if precision == "int8" and model.is_dynamic():
            notes = (_CRASHES,)
        if precision == "fp16" and not _computes_halves():
            notes = (
                "fp16 halves the file; this CPU has no fp16 arithmetic and OpenVINO computes in "
                "fp32, so that it is not faster here",
            )
        return Artefact(self.name, precision, (path, with_suffix(out, ".bin")), notes=notes)

    def open(self, artefact: Artefact, threads: int) -> Run:
        """Compile the model for the CPU."""
        self.require()
        import openvino

        model = openvino.Core().read_model(str(artefact.files[0]))

        @lru_cache(maxsize=4)
        def compiled(shape: tuple[int, ...] | None) -> Any:
            if shape is not None:
                model.reshape(shape)
            return compile_model(model, artefact.precision, threads)

        by_size = artefact.precision == "int8" and model.is_dynamic()  # see _CRASHES
        if not by_size:
            compiled(None)

        def run(image: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.array(compiled(image.shape if by_size else None)(image)[0])

        return run

    def layers(self, artefact: Artefact) -> tuple[Layer, ...]:
        """Read the runtime model: the precision each compiled layer executes in."""
        self.require()
        compiled = compile_model(str(artefact.files[0]), artefact.precision, 1)
        facts = [
            (op.get_friendly_name(), op.get_rt_info())
            for op in compiled.get_runtime_model().get_ordered_ops()
        ]
        return tuple(
            Layer(name, info["layerType"].value, _NAMES.get(precision, precision))
            for name, info in facts
            if info["layerType"].value not in MOVES
            and (precision := info["runtimePrecision"].value)
        )


def compile_model(model: Any, precision: str, threads: int) -> Any:
    """Compile an ``openvino.Model``, or the file of one, for the CPU.

    Args:
        model: Model or path.
        precision: Of the artefact; what is not quantised computes in fp16 for ``fp16`` where the
            CPU can, else in fp32.
        threads: Threads of one inference.
    """
    import openvino

    hint = "f16" if precision == "fp16" and _computes_halves() else "f32"
    options = {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": threads}
    return openvino.Core().compile_model(model, "CPU", {**options, "NUM_STREAMS": 1})


def _computes_halves() -> bool:
    import openvino

    return "FP16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
