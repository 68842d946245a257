"""Does the file give its picture in the runtime that will execute it, on real images?"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from mmsrkd.evaluation.restoration_metrics import RestorationPSNR

from .backends import Run
from .errors import ParityError
from .proof_images import Pair, make_pair, proof_files
from .shapes import Shape

BUDGET_DB = 0.02


@dataclass(frozen=True)
class Proof:
    """Two outputs for the same images.

    Attributes:
        images: Names.
        psnr_reference: PyTorch's PSNR against HR in dB, mean over images (Y, uint8 output, border
            as wide as the scale).
        psnr_runtime: The same of the runtime.
        psnr_between: Lowest PSNR between both outputs in dB, RGB clipped to [0, 1], not rounded.
        max_abs: Largest absolute difference of both outputs, on [0, 1], not clipped.
    """

    images: tuple[str, ...]
    psnr_reference: float
    psnr_runtime: float
    psnr_between: float
    max_abs: float

    @property
    def change_db(self) -> float:
        """PSNR of the runtime minus PSNR of PyTorch; 0 where both are infinite."""
        same = self.psnr_runtime == self.psnr_reference
        return 0.0 if same else self.psnr_runtime - self.psnr_reference


def as_run(network: nn.Module) -> Run:
    """Let a network in evaluation mode be called as an opened file is."""

    @torch.no_grad()
    def run(image: NDArray[np.float32]) -> NDArray[np.float32]:
        return network(torch.from_numpy(image)).numpy()

    return run


def prove(
    reference: Run,
    runtimes: Sequence[Run],
    scale: int,
    *,
    images: str | os.PathLike[str] | None = None,
    static: Shape | None = None,
) -> list[Proof]:
    """Run PyTorch and opened files on real images and measure.

    Args:
        reference: PyTorch (see `as_run`), which runs once an image for all.
        runtimes: Opened files.
        scale: Of the network.
        images: Folder of HR images, as for `proof_files`.
        static: The only shape the files take, or None.

    Returns:
        One entry for each runtime.
    """
    psnr = RestorationPSNR(scale=scale, prefix="proof")
    found: list[list[_Found]] = [[] for _ in runtimes]
    for path in proof_files(images):
        pair = make_pair(path, scale, static)
        expected = _picture(reference, pair)
        against_hr = _against_hr(psnr, expected, pair)
        for run, entries in zip(runtimes, found, strict=True):
            got = _picture(run, pair)
            mse, largest = _difference(expected, got)
            against = _against_hr(psnr, got, pair)
            entries.append(_Found(pair.name, against_hr, against, mse, largest))
    return [_summary(entries) for entries in found]


def check_budget(proof: Proof, budget_db: float, runtime: str, where: str = "") -> None:
    """Refuse a file whose PSNR against HR is another than PyTorch's.

    Args:
        proof: The measurement.
        budget_db: Largest difference accepted, either way.
        runtime: Name for the message.
        where: What is known of the place where the outputs part, for the message.

    Raises:
        ParityError: If the difference is larger, or not a number.
    """
    if within(proof, budget_db):
        return
    raise ParityError(
        f"{runtime} gives {proof.psnr_runtime:.3f} dB against HR and PyTorch "
        f"{proof.psnr_reference:.3f} dB (outputs differ by {proof.max_abs:.2e} at most), beyond "
        f"the budget of {budget_db:g} dB: nothing was kept; {where or 'raise the budget'}"
    )


def within(proof: Proof, budget_db: float) -> bool:
    """Whether the change of PSNR is within the budget; NaN never is."""
    return abs(proof.change_db) <= budget_db


@dataclass(frozen=True)
class _Found:
    name: str
    psnr_reference: float
    psnr_runtime: float
    mse: float
    max_abs: float


def _picture(run: Run, pair: Pair) -> NDArray[np.float32]:
    """Output for a pair, cut to the size of its HR image."""
    return run(pair.lr)[0, :, : pair.hr.shape[1], : pair.hr.shape[2]]


def _against_hr(psnr: RestorationPSNR, out: NDArray[np.float32], pair: Pair) -> float:
    values = out * np.float32(255)
    return psnr.process_image(pair.hr, values, channel_order="RGB", grey=pair.grey)


def _difference(expected: NDArray[np.float32], got: NDArray[np.float32]) -> tuple[float, float]:
    """Mean square of the clipped difference, largest absolute difference."""
    clipped = expected.clip(0, 1).astype(np.float64) - got.clip(0, 1)
    return float(np.square(clipped).mean()), float(np.abs(expected - got).max())


def _summary(entries: Sequence[_Found]) -> Proof:
    worst = max(entry.mse for entry in entries)
    return Proof(
        images=tuple(entry.name for entry in entries),
        psnr_reference=float(np.mean([entry.psnr_reference for entry in entries])),
        psnr_runtime=float(np.mean([entry.psnr_runtime for entry in entries])),
        psnr_between=10 * math.log10(1 / worst) if worst else math.inf,
        max_abs=float(np.max([entry.max_abs for entry in entries])),
    )
