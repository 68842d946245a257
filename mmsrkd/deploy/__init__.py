"""Deployment: an mmdeploy codebase, exports that prove themselves in their runtime, latency.

Naming this package in a deployment config is what makes mmdeploy know ``mmsrkd``
(``codebase_config=dict(type="mmsrkd", task="SuperResolution", module=["mmsrkd.deploy"])``), so
importing it registers the codebase; mmdeploy's own tools and APIs then take configs of mmsrkd and
of mmagic.
"""

from __future__ import annotations

from mmsrkd import registry  # noqa: F401 - before mmdeploy: activates what makes it importable

from . import mmdeploy_backends
from .backends import Artefact, Int8Share
from .codebase import MMSRKD
from .errors import ExportError, ParityError
from .export import export
from .parity import Parity, compare
from .proof import Proof
from .prove_files import prove_files
from .result import ExportResult, Row
from .super_resolution import SuperResolution

__all__ = [
    "MMSRKD",
    "Artefact",
    "ExportError",
    "ExportResult",
    "Int8Share",
    "Parity",
    "ParityError",
    "Proof",
    "Row",
    "SuperResolution",
    "compare",
    "export",
    "mmdeploy_backends",
    "prove_files",
]
