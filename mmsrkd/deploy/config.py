"""The configs of ``configs/deploy/`` as a function, for whoever has no config file at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

INPUT, OUTPUT = "input", "output"
OPSET = 17
BACKENDS = ("onnxruntime",)


def deploy_config(
    backend: str = "onnxruntime", *, shape: Sequence[int] | None = None
) -> dict[str, Any]:
    """Return the mmdeploy config for a backend.

    Args:
        backend: One of `BACKENDS`.
        shape: (N, C, H, W) of the only input the file will take; None for dynamic batch, height and
            width.

    Raises:
        ValueError: If the backend is not known.
    """
    if backend not in BACKENDS:
        raise ValueError(
            f"cannot export for backend {backend!r}; choose one of {', '.join(BACKENDS)}"
        )
    axes = {0: "batch", 2: "height", 3: "width"}
    ir: dict[str, Any] = {
        "type": "onnx",
        "export_params": True,
        "keep_initializers_as_inputs": False,
        "opset_version": OPSET,
        "save_file": "end2end.onnx",
        "input_names": [INPUT],
        "output_names": [OUTPUT],
        # mmdeploy wants (width, height)
        "input_shape": None if shape is None else [shape[3], shape[2]],
        "optimize": False,  # mmdeploy's passes need its compiled TorchScript library
        "dynamic_axes": {INPUT: axes, OUTPUT: axes} if shape is None else None,
    }
    return {
        "onnx_config": ir,
        "codebase_config": {
            "type": "mmsrkd",
            "task": "SuperResolution",
            "model_type": "end2end",
            "module": ["mmsrkd.deploy"],
        },
        "backend_config": {"type": backend},
    }
