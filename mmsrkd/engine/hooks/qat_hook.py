"""Quantisation-aware training in phases."""

from __future__ import annotations

from typing import Any

from mmengine.hooks import Hook
from mmengine.logging import print_log
from mmengine.runner import Runner
from torch import nn

from mmsrkd.quantization import Quantizer, quantizer_of
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class QATHook(Hook):
    """Switches a quantised generator: observe, then round and observe, then round alone.

    The phase follows from the iteration alone, and all that is observed is in the checkpoint, so a
    run resumes in the middle of any phase as if it had not stopped. After every observed iteration
    all processes take over common ranges.

    Args:
        observe: Share of the iterations that run in float and only look at ranges; where channels
            are to be balanced, its first half looks for their factors.
        freeze: Share of the iterations after which ranges no longer change. Learnt steps (LSQ)
            leave their observers when ``observe`` ends and go on being learnt.

    Raises:
        ValueError: If the shares are not ``0 <= observe < freeze <= 1``.
    """

    priority = "NORMAL"

    def __init__(self, observe: float = 0.05, freeze: float = 0.8) -> None:
        if not 0 <= observe < freeze <= 1:
            raise ValueError(
                f"observe and freeze are shares of the training, 0 <= observe < freeze <= 1; got "
                f"{observe} and {freeze}"
            )
        self.observe, self.freeze = observe, freeze
        self._phase = ""

    def before_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Switch where a phase begins."""
        quantizer, network = _quantizer(runner)
        phase = self.phase(runner.iter, runner.max_iters, balances=bool(quantizer.plan.balanced))
        if phase != self._phase:
            self._enter(phase, quantizer, network)
            print_log(f"quantisation: phase {phase!r} from iteration {runner.iter}", "current")
            self._phase = phase

    def after_train_iter(self, runner: Runner, *args: Any, **kwargs: Any) -> None:
        """Make ranges common to all processes."""
        if self._phase != "freeze":
            _quantizer(runner)[0].synchronise()

    def phase(self, iteration: int, iterations: int, *, balances: bool = False) -> str:
        """``balance``, ``observe``, ``train`` or ``freeze``.

        At least one iteration observes, and one before looks for factors if there are some.
        """
        looking = max(1 + balances, round(self.observe * iterations))
        if iteration < looking:
            return "balance" if balances and iteration < looking // 2 else "observe"
        return "train" if iteration < self.freeze * iterations else "freeze"

    def _enter(self, phase: str, quantizer: Quantizer, network: nn.Module) -> None:
        if phase == "balance":
            quantizer.switch(observing=False, quantising=False, balancing=True)
            return
        quantizer.take_factors(network)
        if phase != "observe":
            quantizer.settle()
            quantizer.settled.fill_(True)
        quantizer.switch(observing=phase != "freeze", quantising=phase != "observe")


def _quantizer(runner: Runner) -> tuple[Quantizer, nn.Module]:
    generator: nn.Module = getattr(runner.model, "module", runner.model).generator
    return quantizer_of(generator), generator
