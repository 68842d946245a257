"""All fake-quantisers of one network, as one child of it."""

from __future__ import annotations

import torch
import torch.distributed as dist
from torch import Tensor, nn

from .balance import Balance
from .fake_quant import FakeQuantize
from .observers import Observer
from .plan import Plan
from .scheme import Scheme

#: The name of the child; keys of it in a checkpoint begin so.
CHILD = "quantizer"


class NotCalibratedError(RuntimeError):
    """Rounding was asked for where ranges are not known yet."""


class Quantizer(nn.Module):
    """Holds what `quantize` put into a network, and switches it.

    Args:
        plan: Where the fake-quantisers work.
        scheme: How.
        channels: Output channels of the weights by parameter name.
        inputs: Input channels of balanced convolutions by address.
    """

    settled: Tensor

    def __init__(
        self, plan: Plan, scheme: Scheme, channels: dict[str, int], inputs: dict[str, int]
    ) -> None:
        super().__init__()
        # whether scales were taken from observers once; learnt ones must not be again
        self.register_buffer("settled", torch.tensor(False))
        self.plan, self.scheme = plan, scheme
        self.spots = nn.ModuleDict()
        for name, spot in plan.spots.items():
            if spot.fixed is not None:
                module = FakeQuantize(spot.grid, None, fixed=spot.fixed)
            elif spot.weight is not None:
                observer = scheme.weight_observer(spot.grid, channels[spot.weight])
                module = FakeQuantize(spot.grid, observer, learned=bool(scheme.learned_step))
            else:
                observer = scheme.activation_observer(
                    spot.grid, balanced=spot.balanced, fine=spot.fine
                )
                learned = scheme.learned_step is True
                module = FakeQuantize(spot.grid, observer, learned=learned)
            self.spots[_key(name)] = module
        self.factors = nn.ModuleDict({_key(name): Balance(n) for name, n in inputs.items()})

    def forward(self, x: Tensor) -> Tensor:
        """Pass on what a ``Sequential`` that owns this child hands through all of its children."""
        return x

    def by_name(self) -> dict[str, FakeQuantize]:
        """The fake-quantisers by the name the plan has for them."""
        return {name: self.spots[_key(name)] for name in self.plan.spots}  # type: ignore[misc]

    def balances(self) -> dict[str, Balance]:
        """The factors of balanced convolutions by address."""
        return {name: self.factors[_key(name)] for name in self.plan.balanced}  # type: ignore[misc]

    def switch(self, *, observing: bool, quantising: bool, balancing: bool = False) -> None:
        """Set both switches of every fake-quantiser, and that of the factors in front of them.

        A learnt scale leaves its observer as soon as it rounds.

        Ranges behind a factor can be observed once it is known: balance first, then observe.

        Raises:
            NotCalibratedError: If rounding without observing is asked for and a range is unknown.
        """
        unknown = self.uncalibrated()
        if quantising and not observing and not unknown:
            self.require_scales()
        if quantising and not observing and unknown:
            raise NotCalibratedError(
                f"{len(unknown)} ranges are not known, that of {unknown[0]!r} first: calibrate, or "
                "load a quantised checkpoint"
            )
        for module in self.by_name().values():
            module.observing = observing and not (module.learned and quantising)
            module.quantising = quantising
        for balance in self.balances().values():
            balance.observing = balancing

    def require_scales(self) -> None:
        """Refuse a network whose ranges were looked at and whose scales were not taken from them.

        Raises:
            NotCalibratedError: So is one that was saved while `QATHook` only observed.
        """
        seen = [m for m in self.by_name().values() if m.observer is not None and m.observer.seen]
        if seen and all(bool((module.scale == 1).all()) for module in seen):
            raise NotCalibratedError(
                "the network was saved while its ranges were only looked at and has no scales: "
                "take a later checkpoint"
            )

    @property
    def unbalanced(self) -> bool:
        """Whether factors are still to be found."""
        return any(not balance.taken for balance in self.balances().values())

    def take_factors(self, network: nn.Module) -> None:
        """Fix the factors of balanced convolutions by what was seen; known ones stay."""
        for address, balance in self.balances().items():
            balance.take(network.get_parameter(self.plan.weights[address]))

    def uncalibrated(self) -> list[str]:
        """Names of those that have seen nothing."""
        return [name for name, module in self.by_name().items() if not module.calibrated]

    def settle(self) -> None:
        """Take every scale from what was observed; of learnt ones only the first time."""
        for module in self.by_name().values():
            if not (module.learned and self.settled):
                module.settle()

    @torch.no_grad()
    def synchronise(self) -> None:
        """Make observed ranges and scales those of all processes; nothing where there is one.

        Widest ranges count, averages are averaged; histograms are the first process's.
        """
        if not (dist.is_available() and dist.is_initialized() and dist.get_world_size() > 1):
            return
        observers: list[Observer] = [balance.observer for balance in self.balances().values()]
        observers += [m.observer for m in self.by_name().values() if m.observer is not None]
        for merge, exchange in _EXCHANGES.items():
            exchange([o for o in observers if merge == o.MERGE])
        for module in self.by_name().values():
            if not module.learned:
                module.settle()


def _widest(observers: list[Observer]) -> None:
    limits = [limit for o in observers for limit in (o.low, -o.high)]
    if limits:
        joint = torch.cat(limits)
        dist.all_reduce(joint, dist.ReduceOp.MIN)
        _spread(joint, observers, -1)


def _mean(observers: list[Observer]) -> None:
    limits = [limit for o in observers for limit in (o.low, o.high)]
    if limits:
        joint = torch.cat(limits)
        dist.all_reduce(joint)
        _spread(joint / dist.get_world_size(), observers, 1)


def _spread(joint: Tensor, observers: list[Observer], sign: int) -> None:
    parts = iter(joint.split([len(limit) for o in observers for limit in (o.low, o.high)]))
    for observer in observers:
        observer.low.copy_(next(parts))
        observer.high.copy_(sign * next(parts))


def _first(observers: list[Observer]) -> None:
    for observer in observers:
        for buffer in observer.buffers():
            dist.broadcast(buffer, 0)


_EXCHANGES = {"widest": _widest, "mean": _mean, "first": _first}


def _key(name: str) -> str:
    """A module's name must hold no dot."""
    return name.replace(".", "/")
