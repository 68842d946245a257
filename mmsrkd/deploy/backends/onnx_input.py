"""The only input of an ONNX file."""

from __future__ import annotations

from pathlib import Path

import onnx


def input_name(onnx_file: Path) -> str:
    """Return its name."""
    return _input(onnx_file).name


def input_shape(onnx_file: Path) -> list[int]:
    """Return its sizes, 0 for one that is free."""
    return [size.dim_value for size in _input(onnx_file).type.tensor_type.shape.dim]


def _input(onnx_file: Path) -> onnx.ValueInfoProto:
    (entry,) = onnx.load(onnx_file, load_external_data=False).graph.input
    return entry
