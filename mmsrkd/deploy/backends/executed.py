"""What a runtime's optimised graph executes, and in which precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """An operator that computes; copies, reshapes and conversions between precisions are none.

    Attributes:
        name: The runtime's.
        kind: Operator type, the runtime's word.
        precision: ``int8`` (signed or not), ``fp16``, ``bf16`` or ``fp32``.
    """

    name: str
    kind: str
    precision: str

    @property
    def is_convolution(self) -> bool:
        """Whether it is a convolution of any kind, fused or not."""
        return "conv" in self.kind.lower()


@dataclass(frozen=True)
class Int8Share:
    """How much of a graph runs in int8.

    Attributes:
        operators: Computing operators.
        int8_operators: Those of them in int8.
        convolutions: Convolutions among the operators.
        int8_convolutions: Those of them in int8.
        others: Kind and number of the operators that are not in int8.
    """

    operators: int
    int8_operators: int
    convolutions: int
    int8_convolutions: int
    others: dict[str, int]

    @property
    def share(self) -> float:
        """Operators in int8 of all, 0..1."""
        return self.int8_operators / self.operators if self.operators else 0.0


def int8_share(layers: Iterable[Layer]) -> Int8Share:
    """Count layers by precision."""
    everything = list(layers)
    convolutions = [layer for layer in everything if layer.is_convolution]
    return Int8Share(
        operators=len(everything),
        int8_operators=_in_int8(everything),
        convolutions=len(convolutions),
        int8_convolutions=_in_int8(convolutions),
        others=dict(Counter(layer.kind for layer in everything if layer.precision != "int8")),
    )


def _in_int8(layers: Iterable[Layer]) -> int:
    return sum(layer.precision == "int8" for layer in layers)
