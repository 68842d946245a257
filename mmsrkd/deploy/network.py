"""The network of a config with the weights of a checkpoint, as deployment sees them."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.registry import DefaultScope
from torch import nn

from mmsrkd.checkpoints import (
    SPAN_NCNN_PREFIX,
    CheckpointMismatchError,
    convert,
    load_network,
    sha256_of,
)
from mmsrkd.checkpoints.network_file import network_metadata
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.quantization import bake_weights, float_config, quantised_like, quantizer_of
from mmsrkd.registry import MODELS

from .errors import ExportError

__all__ = ["build_network", "checkpoint_facts", "deployed_metadata", "load_weights"]


def build_network(
    generator: Mapping[str, Any],
    checkpoint: str | os.PathLike[str] | None,
    precision: str = "fp32",
) -> nn.Module:
    """Build a network in the form its checkpoint has, in evaluation mode on the CPU.

    The one place that deployment gets its networks from.

    Args:
        generator: Network config.
        checkpoint: As for `load_weights`; None only for a network without weights.
        precision: ``int8`` for the quantised network, else the float one.

    Raises:
        ValueError: If the network has weights and there is no checkpoint.
        ExportError: If ``int8`` is asked of a checkpoint that is not quantised.
    """
    if precision == "int8":
        return _build_quantised(dict(generator), checkpoint)
    generator = float_config(dict(generator))
    with DefaultScope.overwrite_default_scope("mmsrkd"):
        network: nn.Module = MODELS.build(dict(generator))
    if checkpoint is not None:
        load_weights(network, checkpoint)
    elif any(True for _ in network.parameters()):
        raise ValueError(f"{type(network).__name__} has weights: name the checkpoint to export")
    return network.eval()


def _build_quantised(
    generator: dict[str, Any], checkpoint: str | os.PathLike[str] | None
) -> nn.Module:
    where = None if checkpoint is None else os.fspath(checkpoint)
    config = quantised_like(generator, where)
    if where is None or config["type"] != "Quantized":
        raise ExportError(
            f"{where} is not quantised: run tools/quantize.py first, or, for a checkpoint that was "
            "trained so, give the config of that training"
        )
    start = {key: value for key, value in config.items() if key != "checkpoint"}
    with DefaultScope.overwrite_default_scope("mmsrkd"):
        network: nn.Module = MODELS.build(start)
    load_network(network, where)
    quantizer_of(network).switch(observing=False, quantising=True)
    return bake_weights(network).eval()


def load_weights(network: nn.Module, checkpoint: str | os.PathLike[str]) -> None:
    """Load weights of any form that `mmsrkd.checkpoints` reads, in place.

    Weights that were merged already fit only the merged network, which is then switched.

    Args:
        network: A bare network.
        checkpoint: Training checkpoint, published ``.pth`` or ``.safetensors``, or
            ``span-ncnn:NAME``.

    Raises:
        CheckpointError: If the checkpoint is unusable or of another network.
    """
    try:
        load_network(network, checkpoint)
    except CheckpointMismatchError:
        load_network(switch_to_deploy(network), checkpoint)


def checkpoint_facts(checkpoint: str | os.PathLike[str] | None) -> dict[str, str]:
    """Return name (without folders) and sha256 of a checkpoint; nothing where there is none."""
    if checkpoint is None:
        return {}
    text = os.fspath(checkpoint)
    if text.startswith(SPAN_NCNN_PREFIX):
        return {"checkpoint": text, "checkpoint_sha256": convert(text).info["sha256"]}
    return {"checkpoint": Path(text).name, "checkpoint_sha256": sha256_of(text)}


def deployed_metadata(
    generator: Mapping[str, Any], network: nn.Module, extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Describe a network in deploy form as a published file does (ranges, colour, layout, weights).

    Args:
        generator: Config it was built from.
        network: The network after `switch_to_deploy`.
        extra: Further entries; they win.
    """
    config = {key: value for key, value in generator.items() if key != "init_cfg"}
    kind = config["type"]
    config["type"] = kind.rpartition(".")[2] if isinstance(kind, str) else kind.__name__
    if "deploy" in inspect.signature(type(network)).parameters:
        config["deploy"] = True
    return network_metadata(config, network.state_dict(), {}) | dict(extra)
