"""Where a checkpoint came from."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class ProvenanceHook(Hook):
    """Writes a record (command, commit, date, machine) into the ``meta`` of every checkpoint.

    Args:
        record: What to write; the training tool gives it.
    """

    def __init__(self, record: dict[str, str]) -> None:
        self.record = dict(record)

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the record."""
        checkpoint["meta"]["provenance"] = self.record
