"""Overrides of a scheme that would change nothing are mistakes."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatchcase

from .recording import Graph, Op
from .scheme import Override, Scheme


class UnusedPatternError(ValueError):
    """An override names nothing, or nothing that its numbers are for."""


def check_patterns(graph: Graph, scheme: Scheme) -> None:
    """Refuse a pattern that fits nothing, and numbers for weights where there are none.

    Args:
        graph: Of the network.
        scheme: With its overrides.

    Raises:
        UnusedPatternError: Names layers that there are.
    """
    for entry in scheme.overrides:
        fitting = [op for op in graph.ops.values() if fnmatchcase(op.address, entry.pattern)]
        if not fitting:
            raise UnusedPatternError(
                f"override pattern {entry.pattern!r} fits nothing in the network; {_layers(graph)}"
            )
        for name in _for_weights(entry):
            if not any(op.weight for op in fitting):
                raise UnusedPatternError(
                    f"override {entry.pattern!r}: {name} is for layers with weights and "
                    f"{fitting[0].address!r} has none; {_layers(graph)}"
                )
            if not scheme.rounds_transposed and all(op.transposed for op in fitting if op.weight):
                raise UnusedPatternError(
                    f"override {entry.pattern!r}: {name} changes nothing, since in the layout "
                    f"{scheme.layout!r} the transposed convolution {fitting[0].address!r} stays in "
                    "float: its runtime has no integer kernel for it; drop the override"
                )


def check_results(rounded: Collection[str], scheme: Scheme) -> None:
    """Refuse bits of activations where none is rounded.

    Args:
        rounded: Addresses whose activations are.
        scheme: With its overrides.

    Raises:
        UnusedPatternError: Names addresses near by that would do.
    """
    for entry in scheme.overrides:
        if entry.activation_bits is None or any(fnmatchcase(a, entry.pattern) for a in rounded):
            continue
        block = entry.pattern.rpartition(".")[0]
        near = sorted(a for a in rounded if a.startswith(block)) or sorted(rounded)
        raise UnusedPatternError(
            f"override {entry.pattern!r}: activation_bits changes nothing, since in the layout "
            f"{scheme.layout!r} nothing is rounded there; rounded are {_shown(near)}"
        )


def _for_weights(entry: Override) -> list[str]:
    return [n for n in ("weight_bits", "balance", "fine_input") if getattr(entry, n)]


def _layers(graph: Graph) -> str:
    layers: list[Op] = [op for op in graph.ops.values() if op.weight]
    return f"layers are {_shown([op.address for op in layers])}"


def _shown(addresses: list[str]) -> str:
    return ", ".join(addresses[:8]) + (" ..." if len(addresses) > 8 else "")
