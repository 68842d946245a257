"""Deployment: an mmdeploy codebase, ONNX export that verifies itself, parity and latency.

Naming this package in a deployment config is what makes mmdeploy know ``mmsrkd``
(``codebase_config=dict(type="mmsrkd", task="SuperResolution", module=["mmsrkd.deploy"])``), so
importing it registers the codebase; mmdeploy's own tools and APIs then take configs of mmsrkd and
of mmagic.
"""

from __future__ import annotations

from mmsrkd import registry  # noqa: F401 - before mmdeploy: activates what makes it importable

from .codebase import MMSRKD
from .errors import ExportError, ParityError
from .export import ExportResult, export
from .parity import Parity, compare
from .super_resolution import SuperResolution

__all__ = [
    "MMSRKD",
    "ExportError",
    "ExportResult",
    "Parity",
    "ParityError",
    "SuperResolution",
    "compare",
    "export",
]
