"""From a config and a checkpoint to a file for a runtime that is known to give the same picture."""

from __future__ import annotations

import copy
import logging
import os
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmdeploy.apis import torch2onnx
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn

from mmsrkd import __version__
from mmsrkd.checkpoints import sha256_of
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import student_config

from .config import deploy_config
from .errors import ExportError
from .network import build_network, checkpoint_facts, deployed_metadata
from .onnx_file import finish
from .parity import Parity, Shape, compare

#: Height and width of the inputs a dynamic file is checked on: odd, so that nothing rounds in its
#: favour.
ODD_SIZES = ((37, 53), (64, 49), (101, 31))
_TRACED = (1, 3, 40, 56)


@dataclass(frozen=True)
class ExportResult:
    """A file that passed its check.

    Attributes:
        path: The file.
        sha256: Of the file.
        scale: Output size over input size.
        parity: One entry for each input it was checked on.
        tolerance: What they were checked against.
        seconds: Whole export, check included.
        operators: How often each ONNX operator occurs.
    """

    path: Path
    sha256: str
    scale: int
    parity: tuple[Parity, ...]
    tolerance: float
    seconds: float
    operators: dict[str, int] = field(default_factory=dict)

    @property
    def max_abs_error(self) -> float:
        """Largest absolute difference to PyTorch over all inputs."""
        return max(entry.max_abs_error for entry in self.parity)

    @property
    def psnr(self) -> float:
        """Lowest PSNR between both outputs, in dB."""
        return min(entry.psnr for entry in self.parity)

    @property
    def sizes(self) -> tuple[str, ...]:
        """``HxW`` of the inputs."""
        return tuple(entry.size for entry in self.parity)


def export(
    config: str | os.PathLike[str] | Config,
    checkpoint: str | os.PathLike[str] | None,
    out_dir: str | os.PathLike[str],
    *,
    backend: str = "onnxruntime",
    shape: Sequence[int] | None = None,
    dynamic: bool | None = None,
    tolerance: float = 1e-4,
    sizes: Sequence[tuple[int, int]] = ODD_SIZES,
    name: str | None = None,
) -> ExportResult:
    """Export the network of a config through mmdeploy and compare the file with PyTorch.

    The file holds the network alone, RGB [0, 1] in and out, named ``input`` and ``output``, and
    says in its metadata what it is. The reference is the network in the form its checkpoint has, so
    that the comparison also covers the merging of re-parameterised blocks. Nothing stands under the
    final name before the file has passed.

    Args:
        config: Training or test config; of a distilling one the student is exported.
        checkpoint: Training checkpoint, published ``.pth`` or ``.safetensors``, or
            ``span-ncnn:NAME``; None only for a network without weights.
        out_dir: Folder, made if missing.
        backend: ``onnxruntime``.
        shape: (N, 3, H, W) of a static file.
        dynamic: Batch, height and width free; by default True unless there is a ``shape``.
        tolerance: Largest absolute error accepted, on [0, 1].
        sizes: (height, width) pairs to check a dynamic file on; a static one is checked on its
            shape.
        name: File stem; such as ``lgrnet_x2_dynamic`` by default.

    Raises:
        ParityError: If the file is off by more than ``tolerance``.
        ExportError: If the network cannot be exported.
        ValueError: If the arguments contradict each other.
        CheckpointError: If the checkpoint cannot be used.
    """
    started = time.perf_counter()
    static = _static_shape(shape, dynamic)
    deploy = Config(deploy_config(backend, shape=static))
    model_cfg = _plain_config(config)
    generator = model_cfg.model.generator
    reference = build_network(generator, checkpoint)
    scale = _scale_of(reference)
    facts = {"scale": scale, "mmsrkd": __version__, **checkpoint_facts(checkpoint)}
    metadata = deployed_metadata(generator, switch_to_deploy(copy.deepcopy(reference)), facts)
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    stem = name or f"{_network_name(generator)}_x{scale}_{_text(static)}"
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as draft_dir:
        draft = Path(draft_dir) / "network.onnx"
        _run_mmdeploy(draft, deploy, model_cfg, checkpoint, static or _TRACED)
        operators = finish(draft, metadata)
        parity = compare(reference, draft, _shapes(static, sizes), tolerance=tolerance)
        path = folder / f"{stem}.onnx"
        os.replace(draft, path)
    return ExportResult(
        path=path,
        sha256=sha256_of(path),
        scale=scale,
        parity=tuple(parity),
        tolerance=tolerance,
        seconds=time.perf_counter() - started,
        operators=dict(operators),
    )


def _static_shape(shape: Sequence[int] | None, dynamic: bool | None) -> Shape | None:
    if shape is None:
        if dynamic is False:
            raise ValueError(
                "a static export needs its shape: give shape=(1, 3, 256, 256) or the like"
            )
        return None
    if dynamic:
        raise ValueError(
            f"shape {_text(shape)} is for a static export: leave it out, or dynamic=False"
        )
    if len(shape) != 4 or shape[1] != 3 or min(shape) < 1:
        raise ValueError(f"shape {_text(shape)} is not Nx3xHxW: give it such as 1x3x256x256")
    return (int(shape[0]), int(shape[1]), int(shape[2]), int(shape[3]))


def _plain_config(config: str | os.PathLike[str] | Config) -> Config:
    source = config if isinstance(config, Config) else Config.fromfile(os.fspath(config))
    model = source.get("model") or {}
    if "generator" not in model:
        raise ValueError(
            "the config has no model.generator: give the config the network trained with"
        )
    # mmdeploy gets what it needs and no more: datasets may be absent where a network is exported
    scope = source.get("default_scope", "mmsrkd")
    return Config({"model": student_config(model), "default_scope": scope, "test_cfg": {}})


def _run_mmdeploy(
    draft: Path,
    deploy: Config,
    model_cfg: Config,
    checkpoint: str | os.PathLike[str] | None,
    shape: Shape,
) -> None:
    image = np.zeros((*shape[2:], 3), np.uint8)
    weights = None if checkpoint is None else os.fspath(checkpoint)
    try:
        with _quiet(), DefaultScope.overwrite_default_scope(model_cfg.default_scope):
            torch2onnx(
                [image] * shape[0], str(draft.parent), draft.name, deploy, model_cfg, weights, "cpu"
            )
    except (
        Exception
    ) as error:  # whatever an operator or a rewriter dies of, the user asked for a file
        cause = next(iter(str(error).strip().splitlines()), "") or "no message"
        kind = _network_name(model_cfg.model.generator)
        raise ExportError(f"{kind} cannot be exported ({type(error).__name__}: {cause})") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what mmdeploy and the tracer say about every network: the check decides."""
    from mmdeploy.utils import get_root_logger

    logger = get_root_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


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


def _network_name(generator: dict[str, Any]) -> str:
    kind = generator["type"]
    return str(kind.rpartition(".")[2] if isinstance(kind, str) else kind.__name__).lower()


def _text(shape: Sequence[int] | None) -> str:
    return "dynamic" if shape is None else "x".join(map(str, shape))
