"""One small file for each runtime behind one interface."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import ExportError
from .base import PRECISIONS, READY, Artefact, Backend, Run
from .executed import Int8Share, Layer
from .ncnn import Ncnn
from .onnxruntime import OnnxRuntime
from .openvino import OpenVino
from .tensorrt import TensorRT

#: Every runtime by name; none of their packages is imported before it is used.
BACKENDS: dict[str, Callable[[], Backend]] = {
    kind.name: kind for kind in (OnnxRuntime, OpenVino, TensorRT, Ncnn)
}

__all__ = [
    "BACKENDS",
    "PRECISIONS",
    "READY",
    "Artefact",
    "Backend",
    "ExportError",
    "Int8Share",
    "Layer",
    "Run",
    "get_backend",
]


def get_backend(name: str) -> Backend:
    """Return a runtime by its name.

    Raises:
        ValueError: Lists the names there are.
    """
    if name not in BACKENDS:
        raise ValueError(f"cannot export for backend {name!r}; choose one of {', '.join(BACKENDS)}")
    return BACKENDS[name]()
