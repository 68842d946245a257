"""Where a network is rounded and how, by names: what `place` decides and `Quantizer` holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from .grid import Grid


@dataclass(frozen=True)
class Spot:
    """One fake-quantiser.

    Args:
        grid: Its integers.
        fixed: Scale and zero point where they are known.
        weight: Name of the weight it rounds; None for activations.
        balanced: It rounds balanced channels.
        fine: What it leaves over is rounded as well.
    """

    grid: Grid
    fixed: tuple[float, int] | None = None
    weight: str | None = None
    balanced: bool = False
    fine: bool = False


@dataclass
class Plan:
    """Names of fake-quantisers by the place they work at.

    Attributes:
        spots: Every fake-quantiser by name.
        inputs: (address, operand) -> name: rounds what enters.
        outputs: Address -> name: rounds what leaves.
        weights: Address -> name: rounds the weight.
        unrounded: Addresses of convolutions and linear layers left in float.
        balanced: Addresses of convolutions whose input channels are evened out.
        fine: Addresses of convolutions that take their input in two parts.
        reads: Address of a layer -> name of what rounded its input, in a layout that rounds every
            result; not where the integers are read with other numbers on the way.
    """

    spots: dict[str, Spot] = field(default_factory=dict)
    inputs: dict[tuple[str, int], str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    weights: dict[str, str] = field(default_factory=dict)
    unrounded: list[str] = field(default_factory=list)
    balanced: list[str] = field(default_factory=list)
    fine: list[str] = field(default_factory=list)
    reads: dict[str, str] = field(default_factory=dict)
