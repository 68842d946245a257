"""TensorRT: an engine where the package is installed, else ONNX and the line that builds it."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import ExportError
from ..tensorrt_lint import lint, summarised
from .base import Artefact, Backend, Run, copy_file, with_suffix
from .executed import Layer
from .half import halve
from .tensorrt_engine import PROFILE, Profile, build_engine, dynamic_input, trtexec_line

#: Layer types of the engine inspector that move numbers and compute none.
MOVES = frozenset({"Reformat", "NoOp", "Constant", "Shuffle", "Slice", "Signal", "Wait"})


class TensorRT(Backend):
    """An ONNX file and, where TensorRT is installed, the engine of this machine's GPU.

    The network is strongly typed: what precision a layer has is said by the ONNX file, by its
    halves or by its explicit Q/DQ, and never by a calibrator.

    Args:
        profile: (N, C, H, W) an engine of a dynamic file is built for.
    """

    name = "tensorrt"
    suffixes = (".onnx", ".engine")
    precisions = ("fp32", "fp16", "int8")
    packages: ClassVar = {"tensorrt": "tensorrt"}
    pip_install = "pip install"

    def __init__(self, profile: Profile = PROFILE) -> None:
        self.profile = profile

    def convert(self, onnx_file: Path, precision: str, out: Path) -> Artefact:
        """Write the ONNX file, and the engine if TensorRT is here.

        Raises:
            ExportError: TensorRT could not build it.
        """
        source, engine = (with_suffix(out, suffix) for suffix in self.suffixes)
        if precision == "fp16":
            halve(onnx_file, source)
        else:
            copy_file(onnx_file, source)
        findings = lint(source) if precision == "int8" else []
        if stopping := summarised([finding for finding in findings if finding.stops]):
            raise ExportError(f"TensorRT cannot build this file: {'; '.join(stopping)}")
        notes = tuple(f"TensorRT leaves in float {line}" for line in summarised(findings))
        if reason := self.missing():
            line = trtexec_line(source, engine, dynamic_input(source), self.profile)
            notes += (f"build the engine where TensorRT is installed: {line}",)
            return Artefact(self.name, precision, (source,), f"engine not built: {reason}", notes)
        engine.write_bytes(build_engine(self._trt(), source, self.profile))
        return Artefact(self.name, precision, (engine, source), notes=notes)

    def open(self, artefact: Artefact, threads: int) -> Run:
        """Load the engine on the GPU; ``threads`` is for CPUs and changes nothing."""
        self._check_ready(artefact)
        engine = self._load(artefact)
        context = engine.create_execution_context()
        source, result = (engine.get_tensor_name(index) for index in range(2))

        def run(image: NDArray[np.float32]) -> NDArray[np.float32]:
            given = torch.from_numpy(np.ascontiguousarray(image)).cuda()
            context.set_input_shape(source, tuple(given.shape))
            made = torch.empty(tuple(context.get_tensor_shape(result)), device="cuda")
            context.set_tensor_address(source, given.data_ptr())
            context.set_tensor_address(result, made.data_ptr())
            stream = torch.cuda.current_stream()
            context.execute_async_v3(stream.cuda_stream)
            stream.synchronize()
            return made.cpu().numpy()

        return run

    def layers(self, artefact: Artefact) -> tuple[Layer, ...]:
        """Ask the engine inspector."""
        self._check_ready(artefact)
        trt = self._trt()
        inspector = self._load(artefact).create_engine_inspector()
        text = inspector.get_engine_information(trt.LayerInformationFormat.JSON)
        layers = [entry for entry in json.loads(text)["Layers"] if isinstance(entry, dict)]
        return tuple(
            Layer(entry["Name"], _kind(entry), _precision(entry))
            for entry in layers
            if entry.get("LayerType") not in MOVES
        )

    def _check_ready(self, artefact: Artefact) -> None:
        if not artefact.ready:
            raise ExportError(f"{artefact.files[0].name} cannot run: {artefact.state}")

    def _load(self, artefact: Artefact) -> Any:
        trt = self._trt()
        runtime = trt.Runtime(trt.Logger(trt.Logger.WARNING))
        return runtime.deserialize_cuda_engine(artefact.files[0].read_bytes())

    def _trt(self) -> Any:
        self.require()
        return importlib.import_module("tensorrt")


def _kind(entry: dict[str, Any]) -> str:
    """Type of a layer; fused kernels are called by what they are on the network's side."""
    parameter = str(entry.get("ParameterType", ""))
    return parameter or str(entry["LayerType"])


def _precision(entry: dict[str, Any]) -> str:
    """Precision of the first input, which is that of the kernel."""
    text = "".join(str(tensor.get("Format/Datatype", "")) for tensor in entry["Inputs"][:1]).lower()
    if "int8" in text:
        return "int8"
    return "fp16" if "half" in text or "fp16" in text else "fp32"
