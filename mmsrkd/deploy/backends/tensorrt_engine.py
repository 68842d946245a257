"""From an ONNX file, float or with explicit Q/DQ, to a TensorRT engine.

mmdeploy's builder installs an HDF5 calibrator whenever int8 is asked for, which is of no use to a
file that carries its scales; hence this one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ExportError
from ..shapes import Shape
from .onnx_input import input_name, input_shape


@dataclass(frozen=True)
class Profile:
    """Smallest, usual and largest (N, C, H, W) that a dynamic engine takes."""

    smallest: Shape
    usual: Shape
    largest: Shape


PROFILE = Profile((1, 3, 64, 64), (1, 3, 360, 640), (1, 3, 1080, 1920))


def dynamic_input(onnx_file: Path) -> str | None:
    """Return the name of the input if one of its sizes is free, else None."""
    return None if all(input_shape(onnx_file)) else input_name(onnx_file)


def trtexec_line(source: Path, engine: Path, free: str | None, profile: Profile) -> str:
    """Return the command that builds what `build_engine` builds.

    Args:
        source: ONNX file; it and the engine are named without their folder.
        engine: What is written.
        free: Name of the input if its sizes are free.
        profile: The sizes, for such an input.
    """
    line = f"trtexec --onnx={source.name} --saveEngine={engine.name} --stronglyTyped"
    line += " --profilingVerbosity=detailed"
    if free is None:
        return line
    ends = {"min": profile.smallest, "opt": profile.usual, "max": profile.largest}
    shapes = [f"--{end}Shapes={free}:{'x'.join(map(str, size))}" for end, size in ends.items()]
    return " ".join([line, *shapes])


def build_engine(trt: Any, onnx_file: Path, profile: Profile = PROFILE) -> bytes:
    """Build an engine with the module ``tensorrt`` (10 or later, whose batches are explicit).

    Args:
        trt: The module.
        onnx_file: The network.
        profile: Sizes for a file whose input is free.

    Returns:
        The serialised engine.

    Raises:
        ExportError: If the parser or the builder refuses; with the parser's first message.
    """
    logger = trt.Logger(trt.Logger.WARNING)
    builder = trt.Builder(logger)
    flags = 1 << int(trt.NetworkDefinitionCreationFlag.STRONGLY_TYPED)
    network = builder.create_network(flags)
    parser = trt.OnnxParser(network, logger)
    if not parser.parse_from_file(str(onnx_file)):
        said = parser.get_error(0).desc() if parser.num_errors else "no message"
        raise ExportError(f"TensorRT cannot read {onnx_file.name}: {json.dumps(said)}")
    config = builder.create_builder_config()
    # without it the inspector does not tell what runs in int8
    config.profiling_verbosity = trt.ProfilingVerbosity.DETAILED
    if free := dynamic_input(onnx_file):
        sizes = builder.create_optimization_profile()
        sizes.set_shape(free, profile.smallest, profile.usual, profile.largest)
        config.add_optimization_profile(sizes)
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise ExportError(f"TensorRT builds no engine of {onnx_file.name}: its log above says why")
    return bytes(engine)
