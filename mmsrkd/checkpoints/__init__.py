"""Checkpoints: safe reading, foreign weights, published students.

``build_published`` needs the registries, which themselves read checkpoints through this package; it
is in ``.students``. Students are published by `mmsrkd.apis.publish`.
"""

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.checkpoints.convert import SPAN_NCNN_PREFIX, Converted, convert
from mmsrkd.checkpoints.digest import sha256_of
from mmsrkd.checkpoints.errors import (
    CheckpointError,
    CheckpointMismatchError,
    TruncatedCheckpointError,
    UnknownArchitectureError,
    UnsafeCheckpointError,
)
from mmsrkd.checkpoints.load import load_network, require_float_weights
from mmsrkd.checkpoints.safe_load import read_checkpoint, verify_checkpoint
from mmsrkd.checkpoints.state import network_state_dict

__all__ = [
    "SPAN_NCNN_PREFIX",
    "CheckpointError",
    "CheckpointMismatchError",
    "Converted",
    "TruncatedCheckpointError",
    "UnknownArchitectureError",
    "UnsafeCheckpointError",
    "atomic_write_bytes",
    "convert",
    "load_network",
    "network_state_dict",
    "read_checkpoint",
    "require_float_weights",
    "sha256_of",
    "verify_checkpoint",
]
