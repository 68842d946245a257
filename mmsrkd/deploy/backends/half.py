"""A float ONNX file with halves inside."""

from __future__ import annotations

from pathlib import Path

import onnx


def halve(onnx_file: Path, out: Path) -> None:
    """Write a copy that stores and computes in fp16 and keeps float32 input and output.

    The converter is the one that ships with ONNX Runtime; onnxconverter-common is the same code as
    a package of its own.
    """
    from onnxruntime.transformers.float16 import convert_float_to_float16

    model = onnx.load(onnx_file)
    props = {entry.key: entry.value for entry in model.metadata_props}
    halved = convert_float_to_float16(model, keep_io_types=True)
    onnx.helper.set_model_props(halved, props)
    onnx.save(halved, out)
