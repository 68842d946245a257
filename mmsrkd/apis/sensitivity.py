"""What roundings cost, as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mmsrkd.apis.tables import markdown_table
from mmsrkd.quantization import Cost

#: Rows of the table.
SHOWN = 12
_BAR = 20


def cost_table(costs: Sequence[Cost], shown: int = SHOWN) -> str:
    """List the most expensive roundings and what helps against them.

    Args:
        costs: As `mmsrkd.quantization.sensitivity` returns them.
        shown: How many.
    """
    largest = max(costs[0].share, 1e-12) if costs else 1.0
    rows = [
        [
            cost.name,
            ", ".join(cost.takers) or "-",
            f"{cost.share:.1%}",
            _decibel(cost.error),
            "#" * round(_BAR * cost.share / largest),
        ]
        for cost in costs[:shown]
    ]
    head = ["rounded alone", "taken by", "share of the error", "dB to float", ""]
    rest = f"\n{len(costs) - shown} more cost less" if len(costs) > shown else ""
    return (
        f"\n{markdown_table(head, rows)}{rest}\n"
        "weights to the nearest integer here; --fine LAYER takes an input in two parts, --balance "
        "LAYER evens out its channels, --float LAYER leaves a layer out\n"
    )


def _decibel(error: float) -> str:
    return f"{-10 * math.log10(error):.1f}" if error > 0 else "same"
