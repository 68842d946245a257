"""Rounding a network as an integer runtime does: where, on which grid, with which ranges."""

from __future__ import annotations

from .balance import uneven_convolutions
from .build import build_quantised
from .calibrate import Track, calibrate, take_percentile, untracked
from .compensate import compensate_weights
from .config import apply_quantization, float_config, quantised_like, resolved
from .quantize import bake_weights, is_quantised, quantize, quantizer_of, unrounded
from .quantizer import NotCalibratedError, Quantizer
from .scheme import PRESETS, Override, Scheme, build_scheme
from .sensitivity import Cost, sensitivity
from .suggest import balance_overrides, fine_overrides

__all__ = [
    "PRESETS",
    "Cost",
    "NotCalibratedError",
    "Override",
    "Quantizer",
    "Scheme",
    "Track",
    "apply_quantization",
    "bake_weights",
    "balance_overrides",
    "build_quantised",
    "build_scheme",
    "calibrate",
    "compensate_weights",
    "fine_overrides",
    "float_config",
    "is_quantised",
    "quantised_like",
    "quantize",
    "quantizer_of",
    "resolved",
    "sensitivity",
    "take_percentile",
    "uneven_convolutions",
    "unrounded",
    "untracked",
]
