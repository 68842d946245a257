"""The strength of gradient reversal at every step."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner

from mmsrkd.adaptation.strength import ReversalStrength
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class GradientReversalHook(Hook):
    """Sets lambda of the model's domain head before each step, from the global iteration alone.

    It is the same in every process, and a resumed run goes on with the value of the uninterrupted
    one.

    Args:
        kind: As `ReversalStrength`.
        maximum: As `ReversalStrength`.
        gamma: As `ReversalStrength`.
    """

    def __init__(self, kind: str = "dann", maximum: float = 0.05, gamma: float = 10.0) -> None:
        self.schedule = ReversalStrength(kind, maximum, gamma)

    def before_train(self, runner: Runner) -> None:
        """Refuse a model without a domain head.

        Raises:
            TypeError: Naming the model.
        """
        model = _bare(runner.model)
        if not hasattr(model, "domain"):
            raise TypeError(
                f"GradientReversalHook: {type(model).__name__} has no domain classifier; train an "
                "AdaptEditModel with an `adapt` block, or take the hook out of custom_hooks"
            )

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """Set lambda."""
        _bare(runner.model).domain.reversal.set(self.schedule.at(runner.iter / runner.max_iters))


def _bare(model: Any) -> Any:
    return model.module if is_model_wrapper(model) else model
