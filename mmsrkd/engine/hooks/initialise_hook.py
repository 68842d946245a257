"""Start weights from a larger network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from mmsrkd.checkpoints.initialise import initialise
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class InitialiseHook(Hook):
    """Fills the generator from another network before the first step, and only then.

    A resumed run has weights of its own. What was copied is logged and written into every
    checkpoint (``meta/init_from``). `mmsrkd.apis.train` adds this hook for a config with
    ``init_from=dict(checkpoint=..., prefix=...)``.

    Args:
        checkpoint: As `initialise`.
        prefix: As `initialise`.
        inputs: As `initialise`.
        leave: As `initialise`.
    """

    priority = "VERY_HIGH"

    def __init__(
        self,
        checkpoint: str,
        prefix: str = "",
        inputs: Mapping[str, Sequence[Sequence[int]]] | None = None,
        leave: Sequence[str] = (),
    ) -> None:
        self.checkpoint, self.prefix = checkpoint, prefix
        self.inputs, self.leave = inputs, leave
        self.record: dict[str, Any] | None = None

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Keep what the checkpoint says of its own beginning."""
        self.record = checkpoint.get("meta", {}).get("init_from")

    def before_train(self, runner: Runner) -> None:
        """Fill the generator, unless the run goes on from a checkpoint."""
        if runner.iter:
            return
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        done = initialise(model.generator, self.checkpoint, self.prefix, self.inputs, self.leave)
        runner.logger.info(done.summary())
        self.record = done.as_json()

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the record."""
        if self.record is not None:
            checkpoint["meta"]["init_from"] = self.record
