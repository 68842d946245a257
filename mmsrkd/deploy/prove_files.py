"""Exported files on more images, without exporting again."""

from __future__ import annotations

import os

import torch
from mmengine.config import Config

from .backends import get_backend
from .errors import ExportError, ParityError
from .network import build_network
from .outputs import one_output
from .proof import BUDGET_DB, Proof, as_run, prove, within
from .result import ExportResult
from .to_onnx import plain_config


def prove_files(
    result: ExportResult,
    config: str | os.PathLike[str] | Config,
    checkpoint: str | os.PathLike[str] | None,
    images: str | os.PathLike[str] | None,
    *,
    budget_db: float = BUDGET_DB,
) -> Proof:
    """Run files of any input size in their runtime on a folder of images, beside PyTorch.

    Args:
        result: What `mmsrkd.deploy.export` returned.
        config: As it was exported with.
        checkpoint: As it was exported with.
        images: Folder of HR images, as for `mmsrkd.deploy.export`.
        budget_db: Largest change of PSNR against HR accepted, from PyTorch to the runtime.

    Raises:
        ExportError: If the files cannot run here.
        ParityError: If the change is larger; the files stay.
    """
    artefact = result.artefact
    if not artefact.ready:
        raise ExportError(f"{result.path} cannot be run here: {artefact.state}")
    generator = plain_config(config).model.generator
    network = one_output(build_network(generator, checkpoint, artefact.precision))
    run = get_backend(artefact.backend).open(artefact, torch.get_num_threads())
    (proof,) = prove(as_run(network), [run], result.scale, images=images)
    if not within(proof, budget_db):
        raise ParityError(
            f"{result.path.name} gives {proof.psnr_runtime:.3f} dB on {images} and PyTorch "
            f"{proof.psnr_reference:.3f} dB, beyond the budget of {budget_db:g} dB"
        )
    return proof
