from __future__ import annotations


class ExportError(RuntimeError):
    """A network could not be turned into a file for the backend; the message has cause and fix."""


class ParityError(ExportError):
    """The exported file gives another picture than the network it came from."""
