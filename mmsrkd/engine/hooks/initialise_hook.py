"""Start weights from other networks."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import nn

from mmsrkd.checkpoints.initialise import initialise
from mmsrkd.models.distillation.names import check_keys
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class InitialiseHook(Hook):
    """Fills the generator from one or more networks before the first step, and only then.

    A resumed run has weights of its own. What was copied is logged and written into every
    checkpoint (``meta/init_from``). `mmsrkd.apis.train` adds this hook for a config with
    ``init_from=dict(checkpoint=..., prefix=...)`` or a list of such dicts, such as
    ``[dict(checkpoint="mimo.pth", into="deblur"), dict(checkpoint="span.pth", into="sr")]``.

    Args:
        sources: Arguments of `initialise`, or a list of them, applied in order.

    Raises:
        KeyError: For a key `initialise` does not know.
    """

    priority = "VERY_HIGH"

    def __init__(self, sources: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
        self.several = not isinstance(sources, Mapping)
        self.sources = [sources] if isinstance(sources, Mapping) else list(sources)
        legal = [name for name in inspect.signature(initialise).parameters if name != "network"]
        for source in self.sources:
            check_keys(source, legal, "init_from")
        self.record: dict[str, Any] | list[dict[str, Any]] | None = None

    def check(self, network: nn.Module) -> None:
        """Try it on a copy, before anything else is built on the network's shapes.

        Raises:
            CheckpointError: As `initialise` does.
        """
        trial = copy.deepcopy(network)
        for source in self.sources:
            initialise(trial, **source)

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Keep what the checkpoint says of its own beginning."""
        self.record = checkpoint.get("meta", {}).get("init_from")

    def before_train(self, runner: Runner) -> None:
        """Fill the generator, unless the run goes on from a checkpoint."""
        if runner.iter:
            return
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        records = []
        for source in self.sources:
            done = initialise(model.generator, **source)
            runner.logger.info(done.summary())
            records.append(done.as_json())
        self.record = records if self.several else records[0]

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict[str, Any]) -> None:
        """Add the record."""
        if self.record is not None:
            checkpoint["meta"]["init_from"] = self.record
