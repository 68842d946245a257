"""From a config and a checkpoint to files for a runtime that are known to give the same picture."""

from __future__ import annotations

import copy
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from torch import nn

from mmsrkd import __version__
from mmsrkd.checkpoints import sha256_of
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import distils

from .backends import Artefact, Backend, get_backend
from .backends.onnxruntime import open_output, plain_run
from .errors import ExportError
from .network import build_network, checkpoint_facts, deployed_metadata
from .onnx_file import finish
from .outputs import one_output, output_names
from .parity import Parity, compare
from .proof import BUDGET_DB, Proof, as_run, check_budget, prove
from .result import ExportResult, Row
from .shapes import Shape, check_least, colour_shape, shape_text, static_shape
from .side_by_side import Contender, Setting, convert_others, prove_contender, rows
from .to_onnx import network_name, plain_config, to_onnx

#: Height and width of the inputs a dynamic file is checked on: odd, so that nothing rounds in its
#: favour.
ODD_SIZES = ((37, 53), (64, 49), (101, 31))
#: Input of the latency of a dynamic file.
LATENCY_SHAPE = (1, 3, 180, 320)

_PathLike = str | os.PathLike[str]


@dataclass(frozen=True)
class _Source:
    """Where the network comes from, and what it is in which precision."""

    model_cfg: Config
    checkpoint: _PathLike | None
    static: Shape | None

    @property
    def generator(self) -> dict[str, Any]:
        return self.model_cfg.model.generator

    def network(self, precision: str) -> nn.Module:
        return build_network(self.generator, self.checkpoint, precision)

    def write(
        self, draft: Path, precision: str, metadata: dict[str, Any], outputs: Sequence[str]
    ) -> dict[str, int]:
        """Write the ONNX file; returns how often each operator occurs."""
        to_onnx(
            draft,
            self.model_cfg,
            self.checkpoint,
            static=self.static,
            precision=precision,
            outputs=outputs,
        )
        return dict(finish(draft, metadata))


def export(
    config: _PathLike | Config,
    checkpoint: _PathLike | None,
    out_dir: _PathLike,
    *,
    backend: str = "onnxruntime",
    precision: str = "fp32",
    shape: Sequence[int] | None = None,
    dynamic: bool | None = None,
    tolerance: float = 1e-4,
    sizes: Sequence[tuple[int, int]] = ODD_SIZES,
    name: str | None = None,
    images: _PathLike | None = None,
    budget_db: float = BUDGET_DB,
    side_by_side: bool = False,
    latency_shape: Sequence[int] | None = None,
    latency_runs: int = 5,
) -> ExportResult:
    """Export the network of a config and prove the files in the runtime that will execute them.

    The files hold the network alone, RGB [0, 1] in and out; ONNX names them ``input`` and
    ``output`` (several images by the network's ``output_names``, each of which is compared; the
    last is proven on images) and says in its metadata what it is. The reference is the network in
    the form its checkpoint has, so that the comparison also covers the merging of re-parameterised
    blocks. Nothing stands under the final name before the files have passed.

    Args:
        config: Training or test config; of a distilling one the student is exported.
        checkpoint: Training checkpoint, published ``.pth`` or ``.safetensors``, or
            ``span-ncnn:NAME``; None only for a network without weights.
        out_dir: Folder, made if missing.
        backend: One of `mmsrkd.deploy.backends.BACKENDS`.
        precision: ``fp32``, ``fp16`` or ``int8``, as far as the backend offers it.
        shape: (N, 3, H, W) of a static file.
        dynamic: Batch, height and width free; by default True unless there is a ``shape``.
        tolerance: Largest absolute error accepted on drawn pictures, on [0, 1]: of the runtime
            for ``fp32``, of the ONNX file before it is halved for ``fp16``; not for ``int8``.
        sizes: (height, width) pairs to check a dynamic file on; a static one is checked on its
            shape.
        name: File stem; such as ``lgrnet_x2_dynamic`` or ``lgrnet_x2_dynamic_fp16`` by default.
        images: Folder of HR images to prove on, as for `mmsrkd.deploy.proof_images.proof_files`.
        budget_db: Largest change of PSNR against HR accepted, from PyTorch to the runtime; >= 0.
        side_by_side: Also time the files, and compare them with the backend's other float
            precisions and PyTorch.
        latency_shape: Input to time; the static shape, or `LATENCY_SHAPE`.
        latency_runs: Turns of the timing.

    Raises:
        ParityError: If a file is off by more than ``tolerance`` or ``budget_db``.
        ExportError: If the network cannot be exported, or the backend's package is missing.
        ValueError: If the arguments contradict each other.
        CheckpointError: If the checkpoint cannot be used.
    """
    started = time.perf_counter()
    _check_numbers(budget_db, latency_runs)
    runtime = get_backend(backend)
    runtime.check_precision(precision)
    static = static_shape(shape, dynamic)
    if backend != "tensorrt":  # whose ONNX file is of use without it
        runtime.require()
    source = _Source(plain_config(config), checkpoint, static)
    whole = source.network(precision)
    _check_outputs(whole, backend)
    reference = one_output(whole)
    latency = _latency_shape(static, latency_shape)
    check_least(whole, latency)
    setting = Setting(_scale_of(reference), static, images, latency, latency_runs)
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    names = output_names(whole)
    stem = name or _stem(source, setting.scale, precision, names)
    notes = _student_note(config, source)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as draft_dir:
        draft = Path(draft_dir) / "network.onnx"
        metadata = _metadata(source, whole, setting.scale)
        operators = source.write(draft, precision, metadata, names)
        made = runtime.convert(draft, precision, Path(draft_dir) / stem)
        parity = _check_pictures(runtime, made, whole, draft, _shapes(static, sizes), tolerance)
        proof: Proof | None = None
        table: tuple[Row, ...] = ()
        if made.ready:
            contender = Contender(made, reference)
            proof = prove_contender(runtime, contender, setting, budget_db, draft)
            if side_by_side:
                float_network, float_draft = reference, draft
                if precision == "int8":
                    float_network = one_output(source.network("fp32"))
                    float_draft = draft.with_stem("float")
                    source.write(float_draft, "fp32", metadata, names)
                others, failed = convert_others(runtime, float_draft, precision, draft.parent)
                notes += tuple(failed)
                table = rows(runtime, (contender, proof), others, float_network, setting)
            notes += runtime.left_in_float(made)
        elif precision == "int8":  # no runtime to prove it in, so the file as it is written
            (proof,) = prove(
                as_run(reference), [plain_run(draft)], setting.scale, images=images, static=static
            )
            check_budget(proof, budget_db, "the ONNX file")
        artefact = _publish(made, folder)
    hashes = {path.name: sha256_of(path) for path in artefact.files}
    return ExportResult(
        path=artefact.files[0],
        sha256=hashes[artefact.files[0].name],
        scale=setting.scale,
        parity=tuple(parity),
        tolerance=None if precision == "int8" else tolerance,
        seconds=time.perf_counter() - started,
        artefact=artefact,
        hashes=hashes,
        operators=operators,
        proof=proof,
        rows=table,
        latency_shape=latency,
        latency_threads=torch.get_num_threads(),
        notes=(*notes, *artefact.notes),
    )


def _check_numbers(budget_db: float, latency_runs: int) -> None:
    if not budget_db >= 0:  # nan is not, either
        raise ValueError(f"--budget-db must be 0 dB or more, got {budget_db:g}")
    if latency_runs < 1:
        raise ValueError(f"--latency-runs must be 1 or more, got {latency_runs}")


def _check_outputs(network: nn.Module, backend: str) -> None:
    """Refuse several images where the runtime's files are run with one output."""
    names = output_names(network)
    if len(names) > 1 and backend != "onnxruntime":
        raise ExportError(
            f"{type(network).__name__} gives {len(names)} images ({', '.join(names)}), {backend} "
            "files are run with one: export one form at a time "
            f"(--cfg-options model.generator.form={names[-1]}), or with --backend onnxruntime"
        )


def _latency_shape(static: Shape | None, latency_shape: Sequence[int] | None) -> Shape:
    wanted = colour_shape(latency_shape or static or LATENCY_SHAPE)
    if static is not None and wanted != static:
        raise ValueError(
            f"latency shape {shape_text(wanted)} is not the {shape_text(static)} that the static "
            "file takes: leave it out"
        )
    return wanted


def _stem(source: _Source, scale: int, precision: str, outputs: Sequence[str]) -> str:
    ending = "" if precision == "fp32" else f"_{precision}"
    kind = network_name(source.generator).lower()
    if len(outputs) > 1:
        kind += f"_{'-'.join(outputs)}"
    return f"{kind}_x{scale}_{shape_text(source.static)}{ending}"


def _student_note(config: _PathLike | Config, source: _Source) -> tuple[str, ...]:
    given = config if isinstance(config, Config) else Config.fromfile(os.fspath(config))
    if not distils(given.model):
        return ()
    return (f"the config distils: its student, {network_name(source.generator)}, is deployed",)


def _metadata(source: _Source, reference: nn.Module, scale: int) -> dict[str, Any]:
    facts = {"scale": scale, "mmsrkd": __version__, **checkpoint_facts(source.checkpoint)}
    merged = switch_to_deploy(copy.deepcopy(reference))
    return deployed_metadata(source.generator, merged, facts)


def _check_pictures(
    runtime: Backend,
    made: Artefact,
    reference: nn.Module,
    draft: Path,
    shapes: Sequence[Shape],
    tolerance: float,
) -> list[Parity]:
    """Compare on drawn pictures of odd sizes, which real images seldom are."""
    last, *others = reversed(range(len(output_names(reference))))
    found = _check_main(runtime, made, one_output(reference, last), draft, shapes, tolerance)
    limit = None if made.precision == "int8" else tolerance
    for index in others:
        run = open_output(draft, torch.get_num_threads(), index)
        found += compare(one_output(reference, index), run, shapes, tolerance=limit)
    return found


def _check_main(
    runtime: Backend,
    made: Artefact,
    reference: nn.Module,
    draft: Path,
    shapes: Sequence[Shape],
    tolerance: float,
) -> list[Parity]:
    if made.precision == "int8":  # the file as it is written; the runtime is proven on images
        return compare(reference, plain_run(draft), shapes)
    if made.precision == "fp32" and made.ready:
        opened = runtime.open(made, torch.get_num_threads())
        return compare(reference, opened, shapes, tolerance=tolerance)
    return compare(reference, draft, shapes, tolerance=tolerance)


def _publish(made: Artefact, folder: Path) -> Artefact:
    """Move finished files to where they are looked for."""
    files = tuple(folder / path.name for path in made.files)
    for path, final in zip(made.files, files, strict=True):
        os.replace(path, final)
    return replace(made, files=files)


@torch.no_grad()
def _scale_of(network: nn.Module) -> int:
    """Measured, because networks call it by different names."""
    side = 32
    out = network(torch.zeros(1, 3, side, side))
    return out.shape[-1] // side


def _shapes(static: Shape | None, sizes: Sequence[tuple[int, int]]) -> list[Shape]:
    if static is not None:
        return [static]
    # every second one with two images, since the batch is dynamic too
    return [(1 + index % 2, 3, height, width) for index, (height, width) in enumerate(sizes)]
