"""One export, the precisions beside it and PyTorch: the same images, one interleaved timing."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from mmsrkd.models.networks.reparam import switch_to_deploy

from .backends import Artefact, Backend, ExportError
from .divergence import first_divergence
from .latency import Opener, Timing, eager, measure_latency
from .proof import Proof, as_run, check_budget, prove, within
from .proof_images import make_pair, proof_files
from .result import Row
from .shapes import Shape

PYTORCH = "PyTorch fp32"


@dataclass(frozen=True)
class Contender:
    """An opened file and the network it has to equal.

    Attributes:
        artefact: The file.
        reference: In evaluation mode: for int8 the fake-quantised network, else the float one.
    """

    artefact: Artefact
    reference: nn.Module

    @property
    def label(self) -> str:
        """Runtime and precision."""
        return f"{self.artefact.backend} {self.artefact.precision}"


@dataclass(frozen=True)
class Setting:
    """How everything is measured.

    Attributes:
        scale: Of the network.
        static: The only shape the files take, or None.
        images: Folder of HR images, as for `proof_files`.
        latency_shape: Input of the timing.
        runs: Turns of the timing.
    """

    scale: int
    static: Shape | None
    images: str | os.PathLike[str] | None
    latency_shape: Shape
    runs: int


def convert_others(
    backend: Backend, float_file: Path, precision: str, folder: Path
) -> tuple[list[Artefact], list[str]]:
    """Make the float precisions that are not exported, for comparison.

    Args:
        backend: The runtime.
        float_file: Float ONNX file.
        precision: What is exported.
        folder: Where to write.

    Returns:
        The files that can run here, and a note for each precision that failed.
    """
    made, notes = [], []
    for other in backend.precisions:
        if other in (precision, "int8"):
            continue
        try:
            artefact = backend.convert(float_file, other, folder / f"beside_{other}")
        except (ExportError, RuntimeError, ValueError) as error:
            notes.append(f"{other} is not compared: {' '.join(str(error).split())}")
            continue
        if artefact.ready:
            made.append(artefact)
    return made, notes


def prove_contender(
    backend: Backend, contender: Contender, setting: Setting, budget_db: float, onnx_file: Path
) -> Proof:
    """Prove one export; a failure names the first tensor that differs.

    Args:
        backend: The runtime.
        contender: What is exported.
        setting: How.
        budget_db: As for `check_budget`.
        onnx_file: What the runtime's files were made from.

    Raises:
        ParityError: If the budget is exceeded.
    """
    artefact = contender.artefact
    run = backend.open(artefact, torch.get_num_threads())
    (proof,) = prove(
        as_run(contender.reference),
        [run],
        setting.scale,
        images=setting.images,
        static=setting.static,
    )
    where = ""
    if not within(proof, budget_db):
        pair = make_pair(proof_files(setting.images)[0], setting.scale, setting.static)
        found = first_divergence(artefact, onnx_file, pair.lr)
        where = str(found) if found else (
            f"{artefact.backend} shows no tensor that its optimisation changed, so the file itself "
            f"differs from the network: raise the budget, or export in another precision"
        )  # fmt: skip
    check_budget(proof, budget_db, contender.label, where)
    return proof


def rows(
    backend: Backend,
    proven: tuple[Contender, Proof],
    others: Sequence[Artefact],
    network: nn.Module,
    setting: Setting,
) -> tuple[Row, ...]:
    """Measure everything side by side.

    Args:
        backend: The runtime.
        proven: What is exported, already measured on the images.
        others: Float files beside it.
        network: The float network.
        setting: How.

    Returns:
        PyTorch, then fp32, fp16 and int8 as far as they are there.
    """
    contender, proof = proven
    runs = [backend.open(artefact, torch.get_num_threads()) for artefact in others]
    kwargs = {"images": setting.images, "static": setting.static}
    proofs = prove(as_run(network), runs, setting.scale, **kwargs) if runs else []  # type: ignore[arg-type]
    files = {a.precision: (a, p) for a, p in zip(others, proofs, strict=True)}
    float_psnr = (proofs[0] if proofs else proof).psnr_reference
    files[contender.artefact.precision] = (contender.artefact, proof)
    ordered = [files[p] for p in backend.precisions if p in files]
    timings = _time(backend, [artefact for artefact, _ in ordered], network, setting)
    first = timings[PYTORCH]
    table = [Row(PYTORCH, None, float_psnr, None, first.median_ms, first.min_ms, 1.0, None)]
    for artefact, measured in ordered:
        label = f"{artefact.backend} {artefact.precision}"
        time, share = timings[label], backend.int8_share(artefact)
        table.append(
            Row(label, artefact.size, measured.psnr_runtime, measured.psnr_between,
                time.median_ms, time.min_ms, time.ratio, share)
        )  # fmt: skip
    return tuple(table)


def _time(
    backend: Backend, artefacts: Sequence[Artefact], network: nn.Module, setting: Setting
) -> dict[str, Timing]:
    def opener(artefact: Artefact) -> Opener:
        return lambda threads: backend.open(artefact, threads)

    merged = switch_to_deploy(copy.deepcopy(network))
    contestants = {PYTORCH: eager(merged)}
    contestants |= {f"{a.backend} {a.precision}": opener(a) for a in artefacts}
    timed = measure_latency(contestants, setting.latency_shape, runs=setting.runs)
    return {timing.label: timing for timing in timed}
