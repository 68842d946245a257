"""The configs of ``configs/deploy/`` as a function, for whoever has no config file at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .backends import PRECISIONS, get_backend
from .backends.tensorrt_engine import PROFILE
from .outputs import OUTPUT

INPUT = "input"
OPSET = 17


def deploy_config(
    backend: str = "onnxruntime",
    *,
    shape: Sequence[int] | None = None,
    precision: str = "fp32",
    outputs: Sequence[str] = (OUTPUT,),
) -> dict[str, Any]:
    """Return the mmdeploy config for a backend.

    Args:
        backend: One of `mmsrkd.deploy.backends.BACKENDS`.
        shape: (N, C, H, W) of the only input the file will take; None for dynamic batch, height and
            width.
        precision: ``int8`` is for a checkpoint of ``tools/quantize.py``.
        outputs: What the file calls the images of the network.

    Raises:
        ValueError: If the backend is not known or does not offer the precision.
    """
    get_backend(backend).check_precision(precision)
    # other names for each output's sides: ONNX Runtime reuses buffers of sizes that are named alike
    free = {INPUT: {0: "batch", 2: "height", 3: "width"}}
    for name in outputs:
        sides = "out" if name == OUTPUT else name
        free[name] = {0: "batch", 2: f"{sides}_height", 3: f"{sides}_width"}
    ir: dict[str, Any] = {
        "type": "onnx",
        "export_params": True,
        "keep_initializers_as_inputs": False,
        "opset_version": OPSET,
        "save_file": "end2end.onnx",
        "input_names": [INPUT],
        "output_names": list(outputs),
        # mmdeploy wants (width, height)
        "input_shape": None if shape is None else [shape[3], shape[2]],
        "optimize": False,  # mmdeploy's passes need its compiled TorchScript library
        "dynamic_axes": free if shape is None else None,
    }
    return {
        "onnx_config": ir,
        "codebase_config": {
            "type": "mmsrkd",
            "task": "SuperResolution",
            "model_type": "end2end",
            "module": ["mmsrkd.deploy"],
        },
        "backend_config": _backend_config(backend, precision, shape),
        # mmdeploy converts in a process that may not have heard of the codebase yet
        "custom_imports": {"imports": ["mmsrkd.deploy"], "allow_failed_imports": False},
    }


def precision_of(deploy_cfg: Any) -> str:
    """Return the precision that a deployment config asks for."""
    precision = str(deploy_cfg.get("backend_config", {}).get("precision", "fp32"))
    if precision not in PRECISIONS:
        raise ValueError(
            f"backend_config.precision is {precision!r}; choose one of {', '.join(PRECISIONS)}"
        )
    return precision


def _backend_config(backend: str, precision: str, shape: Sequence[int] | None) -> dict[str, Any]:
    config: dict[str, Any] = {"type": backend, "precision": precision}
    if backend == "tensorrt":
        ends = (PROFILE.smallest, PROFILE.usual, PROFILE.largest) if shape is None else [shape] * 3
        names = ("min_shape", "opt_shape", "max_shape")
        sizes = {name: list(end) for name, end in zip(names, ends, strict=True)}
        config["model_inputs"] = [{"input_shapes": {INPUT: sizes}}]
    return config
