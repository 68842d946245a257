"""What a checkpoint says of the teachers it does not hold."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class TeacherReferenceHook(Hook):
    """Writes source and sha256 of every teacher into the checkpoint, and compares on resume."""

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the references; nothing for a model without teachers."""
        references = _references(runner)
        if references:
            checkpoint["meta"]["teachers"] = references

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Warn if the run goes on with another teacher than it began with."""
        before, now = checkpoint.get("meta", {}).get("teachers", {}), _references(runner)
        for name, reference in before.items():
            if name in now and now[name]["sha256"] != reference["sha256"]:
                runner.logger.warning(
                    f"teacher {name!r} was {reference['checkpoint']} (sha256 "
                    f"{reference['sha256']}) when this "
                    f"checkpoint was saved and is {now[name]['checkpoint']} "
                    f"({now[name]['sha256']}) now"
                )


def _references(runner: Runner) -> dict[str, Any]:
    model = runner.model.module if is_model_wrapper(runner.model) else runner.model
    collect = getattr(model, "teacher_references", None)
    return collect() if collect is not None else {}
