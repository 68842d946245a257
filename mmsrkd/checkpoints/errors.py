from __future__ import annotations


class CheckpointError(RuntimeError):
    """A checkpoint cannot be used; the message has the cause, the file and the fix."""


class UnsafeCheckpointError(CheckpointError):
    """A checkpoint asks for code to be run while it is read; it was refused."""


class TruncatedCheckpointError(CheckpointError):
    """A checkpoint is short or damaged."""


class CheckpointMismatchError(CheckpointError):
    """A checkpoint is sound but belongs to another network."""


class UnknownArchitectureError(CheckpointError):
    """No family of networks claims a checkpoint, or one does and finds keys it does not know."""
