"""Does an exported file give the picture of the network it came from?"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from .backends import Run
from .backends import onnxruntime as ort
from .errors import ParityError
from .shapes import Shape, shape_text


@dataclass(frozen=True)
class Parity:
    """Difference of two outputs for one input.

    Attributes:
        shape: (N, C, H, W) of the input.
        max_abs_error: Largest absolute difference, on the network's own range (images: [0, 1]).
        psnr: 10 log10(1 / MSE) between both outputs in dB; infinite when they are identical.
        peak: Largest absolute value of the reference output.
    """

    shape: Shape
    max_abs_error: float
    psnr: float
    peak: float

    @property
    def size(self) -> str:
        """``HxW``."""
        return f"{self.shape[2]}x{self.shape[3]}"


def open_session(path: str | os.PathLike[str], threads: int = 0) -> onnxruntime.InferenceSession:
    """Open an ONNX file in ONNX Runtime on the CPU.

    Args:
        path: The file.
        threads: Threads inside an operator; 0 for as many as PyTorch uses.
    """
    return ort.open_session(Path(path), threads or torch.get_num_threads())


def picture(shape: Sequence[int], seed: int = 0) -> torch.Tensor:
    """Draw soft coloured shapes with some sharp edges and a little grain, RGB in [0, 1].

    White noise would not do: a network trained on photographs may answer it with values in the
    hundreds (SPAN does), whose rounding says nothing about pictures.

    Args:
        shape: (N, C, H, W).
        seed: The same shape and seed give the same picture.
    """
    generator = torch.Generator().manual_seed(seed)
    count, channels, height, width = shape
    coarse = (count, channels, height // 8 + 2, width // 8 + 2)
    soft, mask, grain = (
        torch.rand(size, generator=generator)
        for size in (coarse, (count, 1, *coarse[2:]), tuple(shape))
    )
    soft, mask = (
        F.interpolate(field, (height, width), mode="bicubic", align_corners=False)
        for field in (soft, mask)
    )
    return (torch.where(mask > 0.5, soft, 0.6 * soft) + 0.04 * (grain - 0.5)).clamp(0, 1)


@torch.no_grad()
def compare(
    network: nn.Module,
    exported: str | os.PathLike[str] | Run,
    shapes: Sequence[Shape],
    *,
    tolerance: float | None = None,
    seed: int = 0,
) -> list[Parity]:
    """Run a network and an exported file on the same pictures.

    Args:
        network: In evaluation mode, on the CPU.
        exported: An ONNX file with one input and one output, or an opened file of any runtime.
        shapes: Inputs to try.
        tolerance: Largest absolute error that is accepted; None for any.
        seed: Of the pictures.

    Raises:
        ParityError: If an output has another shape, is not finite, or is off by more than
            ``tolerance``.
    """
    run = exported if callable(exported) else _onnx_run(exported)
    results = []
    for shape in shapes:
        image = picture(shape, seed)
        expected = network(image).numpy()
        results.append(_measure(shape, expected, run(image.numpy()), tolerance))
    return results


def _onnx_run(path: str | os.PathLike[str]) -> Run:
    artefact = ort.Artefact("onnxruntime", "fp32", (Path(path),))
    return ort.OnnxRuntime().open(artefact, torch.get_num_threads())


def _measure(
    shape: Shape, expected: np.ndarray, got: np.ndarray, tolerance: float | None
) -> Parity:
    if got.shape != expected.shape:
        raise ParityError(
            f"for input {shape_text(shape)} the exported file gives {shape_text(got.shape)}, the "
            f"network {shape_text(expected.shape)}: a size was frozen while tracing; export with "
            "this shape"
        )
    difference = got.astype(np.float64) - expected
    error, mse = float(np.abs(difference).max()), float(np.square(difference).mean())
    peak = float(np.abs(expected).max())
    # not `error > tolerance`: NaN has to fail too
    if tolerance is not None and not error <= tolerance:
        raise ParityError(
            f"for input {shape_text(shape)} the exported file is off by {error:.2e} (outputs reach "
            f"{peak:.2g}), more than the tolerance {tolerance:.0e}: nothing was kept; look for an "
            f"operator that differs, or raise the tolerance"
        )
    return Parity(shape, error, 10 * math.log10(1 / mse) if mse else math.inf, peak)
