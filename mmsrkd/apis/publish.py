from __future__ import annotations

import copy
import datetime
import hashlib
import inspect
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.checkpoints.card import render_card
from mmsrkd.checkpoints.errors import CheckpointError
from mmsrkd.checkpoints.load import load_network
from mmsrkd.checkpoints.network_file import SUFFIXES, network_metadata, serialise
from mmsrkd.checkpoints.state import without_observers
from mmsrkd.models.networks.reparam import ReparamBlock, switch_to_deploy
from mmsrkd.quantization import quantizer_of

# Merging sums in another order: this is float32 rounding, relative to the largest output.
MERGE_TOLERANCE = 1e-4


@dataclass(frozen=True)
class StudentCard:
    """What the author says about a published network; every field is optional.

    Attributes:
        config: Name of the training configuration.
        commit: Commit of the code that trained it.
        date: ISO date; today when empty.
        licence: Licence of the weights (SPDX).
        metrics: Flat keys such as ``Set5/PSNR_Y``.
        training: A sentence on data, teacher and schedule.
        notes: What a user should know.
    """

    config: str = ""
    commit: str = ""
    date: str = ""
    licence: str = "Apache-2.0"
    metrics: Mapping[str, float] = field(default_factory=dict)
    training: str = ""
    notes: str = ""


@dataclass(frozen=True)
class PublishedStudent:
    """Files written by :func:`publish_student`, and the metadata inside them."""

    safetensors: Path
    pth: Path
    card: Path
    meta: dict[str, Any]


def publish_student(
    checkpoint: str | os.PathLike[str] | Mapping[str, Any],
    network_cfg: Mapping[str, Any],
    out_dir: str | os.PathLike[str],
    name: str | None = None,
    *,
    deploy: bool = True,
    card: StudentCard | None = None,
) -> PublishedStudent:
    """Write a trained network as files that need nothing of the training to be used.

    ``{name}-{first 8 digits of the file's own sha256}`` with ``.safetensors`` and ``.pth``, bare
    network keys, metadata inside, and a model card ``{name}.md`` beside them. A previous
    publication of other weights is not touched, its card is replaced.

    Args:
        checkpoint: Training checkpoint, file or dictionary.
        network_cfg: The network's configuration (a model's ``generator``).
        out_dir: Folder, made if missing.
        name: Stem; ``lgrnet_x2`` and the like by default.
        deploy: Merge re-parameterised blocks; the merged network is compared with the trained one
            before anything is written.
        card: What to say about it.

    Raises:
        CheckpointMismatchError: The checkpoint is not of this network.
        CheckpointError: Merging changed the output, or the weights are not finite.
    """
    network, config = _trained_network(checkpoint, network_cfg, deploy)
    state = without_observers(network.state_dict())
    _require_finite(state)
    details = asdict(card or StudentCard())
    details["date"] = details["date"] or datetime.datetime.now(datetime.UTC).date().isoformat()
    meta = network_metadata(config, state, details)
    stem = name or _default_name(config)
    folder = Path(out_dir)
    files = {}
    for suffix in SUFFIXES:
        data = serialise(state, meta, suffix)
        digest = hashlib.sha256(data).hexdigest()
        path = folder / f"{stem}-{digest[:8]}{suffix}"
        files[suffix] = (atomic_write_bytes(path, data), digest)
    text = render_card(stem, meta, {path.name: digest for path, digest in files.values()})
    card_path = atomic_write_bytes(folder / f"{stem}.md", text.encode())
    return PublishedStudent(files[".safetensors"][0], files[".pth"][0], card_path, meta)


def _trained_network(
    checkpoint: str | os.PathLike[str] | Mapping[str, Any],
    network_cfg: Mapping[str, Any],
    deploy: bool,
) -> tuple[nn.Module, dict[str, Any]]:
    from mmsrkd.registry import MODELS

    # A scope prefix only means something inside a registry that has children.
    config = copy.deepcopy(dict(network_cfg))
    config["type"] = _type_name(config["type"])
    # Start weights are of no use to who loads the finished ones, and their path means nothing.
    config.pop("init_cfg", None)
    if config["type"] == "Quantized":
        config.pop("checkpoint", None)
    network = load_network(MODELS.build(dict(config)), checkpoint).eval()
    if config["type"] == "Quantized":
        quantizer_of(network).require_scales()
    if not deploy or not _has_branches(network):
        return network, config
    trained = copy.deepcopy(network)
    switch_to_deploy(network)
    _require_same_output(trained, network)
    if "deploy" in inspect.signature(type(network)).parameters:
        config["deploy"] = True
    return network, config


def _type_name(kind: Any) -> str:
    return kind.rpartition(".")[2] if isinstance(kind, str) else kind.__name__


def _has_branches(network: nn.Module) -> bool:
    return any(isinstance(block, ReparamBlock) and not block.deploy for block in network.modules())


@torch.no_grad()
def _require_same_output(trained: nn.Module, merged: nn.Module) -> None:
    channels = getattr(trained, "in_channels", 3)
    image = torch.rand(1, channels, 24, 32, generator=torch.Generator().manual_seed(0))
    pairs = zip(_images(trained(image)), _images(merged(image)), strict=True)
    error = max(float((a - b).abs().max() / a.abs().max().clamp_min(1e-12)) for a, b in pairs)
    if not error <= MERGE_TOLERANCE:
        raise CheckpointError(
            f"merging {type(trained).__name__} changed its output by {error:.1e} of its range "
            f"(at most {MERGE_TOLERANCE:.0e}): publish with --no-deploy and report it"
        )


def _images(out: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (out,) if isinstance(out, Tensor) else out


def _require_finite(state: Mapping[str, Tensor]) -> None:
    bad = [key for key, value in state.items() if not torch.isfinite(value).all()]
    if bad:
        raise CheckpointError(
            f"weights hold NaN or infinity in {', '.join(bad[:3])}: take an earlier checkpoint"
        )


def _default_name(config: Mapping[str, Any]) -> str:
    if config["type"] == "Quantized":
        return f"{_default_name(config['network'])}_int"
    scale = config.get("scale")
    return config["type"].lower() + (f"_x{scale}" if scale else "")
