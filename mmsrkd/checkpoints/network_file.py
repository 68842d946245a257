from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.checkpoints.errors import CheckpointError
from mmsrkd.checkpoints.state import is_editor

FORMAT = "mmsrkd-network-v1"
SUFFIXES = (".safetensors", ".pth")


def is_network_file(checkpoint: Mapping[str, Any]) -> bool:
    """Whether a checkpoint says that it is a bare network with metadata of ours."""
    meta = checkpoint.get("meta")
    return isinstance(meta, Mapping) and meta.get("format") == FORMAT


def is_ours(checkpoint: Mapping[str, Any]) -> bool:
    """Whether a checkpoint holds weights in our keys for images of [0, 1], and says so.

    True for network files and for checkpoints of training (those of a mmagic editor). Official
    weights of some families have the same keys and want 0..255, so a bare state dict tells nothing.
    """
    return is_network_file(checkpoint) or is_editor(checkpoint)


def scale_of(network_cfg: Mapping[str, Any]) -> int | None:
    """Return the scale a network configuration names, mmagic's and a wrapped network's too."""
    for key in ("scale", "upscale_factor", "upscale"):
        if isinstance(network_cfg.get(key), int):
            return int(network_cfg[key])
    inner = network_cfg.get("network")
    return scale_of(inner) if isinstance(inner, Mapping) else None


def _channels_of(network_cfg: Mapping[str, Any]) -> int:
    """Return the image channels a network configuration names; SRCNN lists all its widths."""
    widths = network_cfg.get("channels")
    first = widths[0] if isinstance(widths, list | tuple) else 3
    return int(network_cfg.get("in_channels", first))


def network_metadata(
    network_cfg: Mapping[str, Any], state: Mapping[str, Tensor], extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Make the metadata every network file has, then add ``extra``.

    Args:
        network_cfg: What ``MODELS.build`` takes.
        state: Bare state dict.
        extra: Further entries that JSON can hold.
    """
    image = {
        "range": [0.0, 1.0],
        "layout": "NCHW",
        "colour": "Y" if _channels_of(network_cfg) == 1 else "RGB",
    }
    return {
        "format": FORMAT,
        "network": dict(network_cfg),
        "scale": scale_of(network_cfg),
        "input": image,
        "output": image,
        "parameters": sum(tensor.numel() for tensor in state.values()),
        "weights_sha256": weights_sha256(state),
        **extra,
    }


def weights_sha256(state: Mapping[str, Tensor]) -> str:
    """Hash names, types, shapes and values, the same for every container and key order."""
    digest = hashlib.sha256()
    for key in sorted(state):
        tensor = state[key].detach().cpu().contiguous()
        digest.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.view(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def serialise(state: Mapping[str, Tensor], meta: Mapping[str, Any], suffix: str) -> bytes:
    """Return the bytes of a network file.

    Args:
        state: Bare state dict.
        meta: From :func:`network_metadata`. JSON strings in a safetensors header (readable
            without this package), a dictionary under ``meta`` in ``.pth``.
        suffix: ``.safetensors`` or ``.pth``.

    Raises:
        CheckpointError: Another suffix.
    """
    plain = {key: value.detach().cpu().clone().contiguous() for key, value in state.items()}
    if suffix == ".safetensors":
        from safetensors.torch import save

        header = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in meta.items()
        }
        return save(plain, metadata=header)
    if suffix == ".pth":
        stream = io.BytesIO()
        torch.save({"state_dict": plain, "meta": dict(meta)}, stream)
        return stream.getvalue()
    raise CheckpointError(
        f"cannot write a {suffix or 'file without suffix'}: use .safetensors/.pth"
    )


def write_network(path: str | Path, state: Mapping[str, Tensor], meta: Mapping[str, Any]) -> Path:
    """Write a network file atomically; the suffix of ``path`` chooses the container."""
    target = Path(path)
    return atomic_write_bytes(target, serialise(state, meta, target.suffix))
