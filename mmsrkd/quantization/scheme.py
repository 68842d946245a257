"""What is rounded to what: presets, and their exceptions by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .grid import Grid
from .histogram import Entropy, MeanSquare, Percentile
from .observers import Latest, LatestBest, MinMax, MovingAverage, Observer

LAYOUTS = ("ort", "trt")
CALIBRATIONS: dict[str, type[Observer]] = {
    "minmax": MinMax,
    "moving-average": MovingAverage,
    "percentile": Percentile,
    "mse": MeanSquare,
    "entropy": Entropy,
}


_WEIGHTS: dict[str, type[Observer]] = {"minmax": Latest, "mse": LatestBest}


def _check(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        offered = ", ".join(map(str, choices))
        raise ValueError(f"{name} {value!r} is not offered; choose one of {offered}")


@dataclass(frozen=True)
class Override:
    """An exception for the operations or weights whose address fits a pattern.

    Args:
        pattern: Such as ``head.*`` or ``body.0.conv1``; as of `fnmatch`. Addresses are module paths
            for layers, and ``<module path>.<operation>_<number>`` for the rest.
        precision: ``float`` leaves them unrounded; ``int`` applies the numbers below.
        weight_bits: Bits of weights; None for the scheme's.
        activation_bits: Bits of outputs; None for the scheme's.
        balance: Convolutions divide their input by a factor for each channel, which their weight is
            multiplied by (see `mmsrkd.quantization.balance`). For inputs of which a few channels
            are much larger than the rest, as where SPAN joins its features.
        fine_input: Convolutions take their input in two parts, on the grid and what that leaves
            over on one 256 times finer, and add up both results: 16 bits of input from kernels of
            8, at twice the multiply-adds of that layer. For the few layers the picture goes
            through as features, such as the last one. Needs layout ``trt``.
    """

    pattern: str
    precision: str = "int"
    weight_bits: int | None = None
    activation_bits: int | None = None
    balance: bool = False
    fine_input: bool = False

    def __post_init__(self) -> None:
        if self.precision not in ("int", "float"):
            raise ValueError(
                f"override {self.pattern!r}: precision must be 'int' or 'float', got "
                f"{self.precision!r}"
            )
        for name in ("weight_bits", "activation_bits"):
            bits = getattr(self, name)
            if bits is not None and not (isinstance(bits, int) and 2 <= bits <= 8):
                raise ValueError(f"override {self.pattern!r}: {name} must be 2 to 8, got {bits!r}")
        for name in ("balance", "fine_input"):
            if getattr(self, name) and self.precision == "float":
                raise ValueError(
                    f"override {self.pattern!r}: what stays in float needs no {name}; drop one of "
                    "both"
                )


@dataclass(frozen=True)
class Scheme:
    """How a network is quantised.

    Args:
        layout: ``ort`` rounds after every operation, as ONNX Runtime wants for integer kernels;
            ``trt`` only what enters convolutions and additions, as TensorRT and OpenVINO want.
        weight_bits: Bits of weights, always signed and centred on 0.
        weight_per_channel: One scale for each output channel, or one for all.
        activation_bits: Bits of activations.
        activation_signed: Signed or unsigned integers.
        activation_symmetric: Whether the range is centred on 0.
        power_of_two: Scales are powers of two.
        calibration: How activation ranges are found: a key of `CALIBRATIONS`.
        percentile: Share of the values that the calibration ``percentile`` keeps in range; which
            is best depends on network and pictures.
        weight_calibration: How far a channel's weights reach: ``minmax``, or ``mse``, which lets
            some saturate where that rounds the others better; with 4 bits it does.
        learned_step: Activation and weight scales are trained (LSQ), or those of ``weights`` alone.
            They are small numbers: give them a rate of their own, e.g.
            ``optim_wrapper=dict(paramwise_cfg=dict(custom_keys=dict(spots=dict(lr_mult=0.25))))``.
        image_grid: The input image, and the output where it leaves the network as it was rounded,
            keep the grid of 8-bit pictures (scale 1/255), which loses nothing; for unsigned
            activations of 8 bits only.
        round_sums: In the layout ``trt``, additions take rounded operands. Without it they are done
            in float: a picture that is carried past the body then stays exact (LGR-Net-T: 0.08 dB).
            Let the export prove it: OpenVINO 2026.4 computes some networks wrongly so.
        overrides: Exceptions; the last that fits counts.

    Raises:
        ValueError: If a value is not offered; the message lists those that are.
    """

    layout: str = "ort"
    weight_bits: int = 8
    weight_per_channel: bool = True
    activation_bits: int = 8
    activation_signed: bool = False
    activation_symmetric: bool = False
    power_of_two: bool = False
    calibration: str = "moving-average"
    percentile: float = 0.99999
    weight_calibration: str = "minmax"
    learned_step: bool | str = False
    image_grid: bool = True
    round_sums: bool = True
    overrides: tuple[Override, ...] = field(default=())

    def __post_init__(self) -> None:
        _check("layout", self.layout, LAYOUTS)
        _check("calibration", self.calibration, tuple(CALIBRATIONS))
        _check("weight_calibration", self.weight_calibration, tuple(_WEIGHTS))
        _check("learned_step", self.learned_step, (False, True, "weights"))
        if self.learned_step and self.power_of_two:
            raise ValueError("learned_step leaves the powers of two: drop it or power_of_two")
        if self.layout == "ort" and not self.round_sums:
            raise ValueError("round_sums=False needs layout 'trt': 'ort' rounds every result")
        if self.layout == "ort" and any(entry.fine_input for entry in self.overrides):
            raise ValueError("fine_input=True needs layout 'trt': 'ort' rounds both results")
        self.weight_grid(None, 0)  # refuses impossible bits
        Percentile(self.activation_grid(None), share=self.percentile)  # refuses impossible shares

    def weight_grid(self, bits: int | None, axis: int) -> Grid:
        """The grid of a weight whose output channels lie on an axis."""
        return Grid(
            bits or self.weight_bits,
            signed=True,
            symmetric=True,
            channel_axis=axis if self.weight_per_channel else None,
            power_of_two=self.power_of_two,
        )

    def activation_grid(self, bits: int | None) -> Grid:
        """The grid of an activation."""
        return Grid(
            bits or self.activation_bits,
            signed=self.activation_signed,
            symmetric=self.activation_symmetric,
            power_of_two=self.power_of_two,
        )

    def activation_observer(
        self, grid: Grid, *, balanced: bool = False, fine: bool = False
    ) -> Observer:
        """The observer of an activation.

        Nothing saturates on a grid that a finer one follows: it has integers enough, also for four
        times the values that calibration saw.
        Of balanced channels fewer values may saturate than of others, whatever the calibration: one
        that is rare among all may be a usual one of its channel.
        """
        if fine:
            return MinMax(grid, headroom=4.0)
        if balanced or self.calibration == "percentile":
            return Percentile(grid, share=self.percentile)
        return CALIBRATIONS[self.calibration](grid)

    def weight_observer(self, grid: Grid, channels: int) -> Observer:
        """The observer of a weight."""
        kind = _WEIGHTS[self.weight_calibration]
        return kind(grid, channels if grid.channel_axis is not None else 1)

    @property
    def pictures_are_exact(self) -> bool:
        """Whether activations can have the grid of 8-bit pictures."""
        return (
            self.image_grid
            and not self.activation_signed
            and not self.activation_symmetric
            and not self.power_of_two
            and self.activation_bits == 8
        )

    @property
    def rounds_transposed(self) -> bool:
        """Whether transposed convolutions are rounded.

        ONNX Runtime has no integer kernel for them. OpenVINO has, for inputs whose zero point is 0.
        """
        return self.layout != "ort"

    def exception(self, address: str) -> Override | None:
        """The override that counts for an address."""
        fitting = [entry for entry in self.overrides if fnmatchcase(address, entry.pattern)]
        return fitting[-1] if fitting else None

    def as_dict(self) -> dict[str, Any]:
        """Plain data from which `build_scheme` makes the same scheme."""
        return dataclasses.asdict(self) | {
            "overrides": [dataclasses.asdict(entry) for entry in self.overrides]
        }


#: Numbers per kind of hardware.
PRESETS: dict[str, Scheme] = {
    # signed, zero point 0, 8-bit weights: the only grid TensorRT takes. It has 127 levels for the
    # picture; an override can leave the layer that reads it in float.
    "tensorrt": Scheme(layout="trt", activation_signed=True, activation_symmetric=True),
    # unsigned activations and weights of 7 bits: products of two pairs of 8-bit numbers overflow
    # the 16-bit sums of x86 CPUs without VNNI, silently
    "cpu": Scheme(layout="ort", weight_bits=7),
    "openvino": Scheme(layout="trt", weight_bits=7),
    # one scale a tensor, both signed
    "npu": Scheme(
        layout="trt",
        weight_per_channel=False,
        activation_signed=True,
        activation_symmetric=True,
    ),
}


def build_scheme(
    preset: str | None = None,
    *,
    overrides: Sequence[Override | Mapping[str, Any]] = (),
    **numbers: Any,
) -> Scheme:
    """A preset with changes.

    Args:
        preset: A key of `PRESETS`; None for `Scheme`'s own defaults.
        overrides: Exceptions, as `Override` or its arguments.
        numbers: Arguments of `Scheme`.

    Raises:
        KeyError: If there is no such preset or argument.
        ValueError: If a value is not offered.
    """
    if preset is not None and preset not in PRESETS:
        raise KeyError(f"there is no preset {preset!r}; choose one of {', '.join(PRESETS)}")
    known = {entry.name for entry in dataclasses.fields(Scheme)}
    unknown = sorted(set(numbers) - known)
    if unknown:
        raise KeyError(
            f"a quantisation scheme has no {', '.join(unknown)}; it has {', '.join(sorted(known))}"
        )
    built = tuple(
        entry if isinstance(entry, Override) else Override(**entry) for entry in overrides
    )
    base = PRESETS[preset] if preset else Scheme()
    return dataclasses.replace(base, **numbers, overrides=base.overrides + built)
