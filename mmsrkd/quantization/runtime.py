"""Carries a plan out while a network runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from .balance import Balance
from .calls import KINDS, counts, function_name, operands, positional
from .fake_quant import FakeQuantize
from .plan import Plan
from .recording import CallNames

_MARK = "_mmsrkd_rounded"


class Rounding(CallNames):
    """Rounds operands, weights and results of the calls that a plan names.

    Args:
        network: The network that runs.
        plan: Where.
        quantizers: The fake-quantisers by name.
        balances: Factors of balanced convolutions by address.
    """

    def __init__(
        self,
        network: nn.Module,
        plan: Plan,
        quantizers: Mapping[str, FakeQuantize],
        balances: Mapping[str, Balance],
    ) -> None:
        super().__init__(network)
        self.plan, self.quantizers, self.balances = plan, quantizers, balances

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call with rounded operands, return a rounded result."""
        name = function_name(func)
        kind = KINDS.get(name, "other")
        args, kwargs = positional(kind, args, kwargs or {})
        values = operands(kind, args)
        if not counts(values):
            return func(*args, **kwargs)
        address = self.name(name, self.weight_of(kind, args, kwargs))
        if address in self.balances:
            self._balance(address, args, values, kwargs)
        whole = values[0]
        self._round_operands(address, args, values, _in_place(func, kwargs))
        self._round_weight(address, args, kwargs)
        out = func(*args, **kwargs)
        if address in self.plan.fine:
            out = out + self._of_rest(func, address, whole, args, kwargs)
        spot = self.plan.outputs.get(address)
        return out if spot is None else self.quantizers[spot](out)

    def _round_operands(
        self, address: str, args: list[Any], values: list[Any], in_place: bool
    ) -> None:
        for position in range(len(values)):
            spot = self.plan.inputs.get((address, position))
            if spot is not None:
                rounded = self._once(spot, values[position])
                values[position] = rounded.clone() if in_place else rounded
        if args and isinstance(args[0], list | tuple):
            args[0] = values
        else:
            args[: len(values)] = values

    def _balance(
        self, address: str, args: list[Any], values: list[Any], kwargs: dict[str, Any]
    ) -> None:
        if len(args) < 2:
            args.append(kwargs.pop("weight"))
        values[0], args[1] = self.balances[address](values[0], args[1])

    def _of_rest(
        self, func: Any, address: str, whole: Tensor, args: list[Any], kwargs: Mapping[str, Any]
    ) -> Tensor:
        """What a convolution, without its bias, gives for what the rounding of its input left."""
        quantizer = self.quantizers[self.plan.inputs[address, 0]]
        rest = quantizer.left_over(whole, args[0])
        named = {**kwargs, "bias": None} if "bias" in kwargs else kwargs
        found: Tensor = func(
            rest, *args[1:2], *([None] if len(args) > 2 else []), *args[3:], **named
        )
        return found

    def _round_weight(self, address: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        spot = self.plan.weights.get(address)
        if spot is None:
            return
        if len(args) > 1:
            args[1] = self.quantizers[spot](args[1])
        else:
            kwargs["weight"] = self.quantizers[spot](kwargs["weight"])

    def _once(self, spot: str, value: Tensor) -> Tensor:
        """Round a value for the first that takes it, remember it on the value for the others."""
        version = 0 if value.is_inference() else value._version
        mark = getattr(value, _MARK, None)
        # of this forward pass: a caller may give the same image again
        if mark is not None and mark[0] is self and mark[1:3] == (spot, version):
            remembered: Tensor = mark[3]
            return remembered
        rounded: Tensor = self.quantizers[spot](value)
        setattr(value, _MARK, (self, spot, version, rounded))
        return rounded


def _in_place(func: Any, kwargs: Mapping[str, Any]) -> bool:
    name = str(getattr(func, "__name__", ""))
    inner = name.strip("_")
    return (
        bool(kwargs.get("inplace"))
        or (name.endswith("_") and not name.startswith("_"))
        or inner in ("iadd", "isub", "imul")
    )
