"""Overrides that what was seen of a network suggests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from torch import Tensor, nn

from .balance import uneven_convolutions
from .quantize import quantizer_of
from .scheme import Override, Scheme
from .sensitivity import Cost


def balance_overrides(
    scheme: Scheme, network: nn.Module, pictures: Sequence[Tensor]
) -> list[dict[str, Any]]:
    """Balance the convolutions that a few much larger channels enter.

    Args:
        scheme: What is said already: convolutions that it balances or leaves in float are left out.
        network: In float.
        pictures: (N, C, H, W) in [0, 1].

    Returns:
        Arguments of `Override`, one for each such convolution.
    """
    return _overrides(scheme, uneven_convolutions(network, pictures), "balance")


def fine_overrides(
    scheme: Scheme, network: nn.Module, costs: Sequence[Cost], share: float
) -> list[dict[str, Any]]:
    """Let the convolutions whose inputs cost most take them in two parts.

    Args:
        scheme: What is said already.
        network: Quantised.
        costs: What `sensitivity` found.
        share: Of what rounding activations costs, from which on an input is worth it.

    Returns:
        Arguments of `Override`, one for each such convolution.
    """
    total = sum(cost.error for cost in costs if not cost.weight)
    weights = quantizer_of(network).plan.weights
    paths = [
        taker
        for cost in costs
        if not cost.weight and cost.error >= share * total > 0
        for taker in cost.takers
        if taker in weights and network.get_parameter(weights[taker]).ndim == 4
    ]
    return _overrides(scheme, paths, "fine_input")


def _overrides(scheme: Scheme, paths: Iterable[str], wish: str) -> list[dict[str, Any]]:
    """Ask for one thing more; not where it is said, nor of what stays in float."""
    found = []
    for path in paths:
        given = scheme.exception(path) or Override(path)
        if given.precision == "int" and not getattr(given, wish):
            found.append(asdict(replace(given, pattern=path, **{wish: True})))  # type: ignore[arg-type]
    return found
