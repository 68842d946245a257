from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any, TypeVar

from torch import Tensor, nn

from mmsrkd.checkpoints.convert import SPAN_NCNN_PREFIX, convert, state_of
from mmsrkd.checkpoints.errors import CheckpointError, CheckpointMismatchError
from mmsrkd.checkpoints.safe_load import read_checkpoint
from mmsrkd.checkpoints.state import (
    QUANTIZER,
    network_state_dict,
    without_observers,
    without_quantizer,
)

NetworkT = TypeVar("NetworkT", bound=nn.Module)

__all__ = [
    "adapt_form",
    "explain_mismatch",
    "load_network",
    "network_state_dict",
    "require_float_weights",
    "stored_weights",
]


def load_network(
    network: NetworkT,
    source: str | os.PathLike[str] | Mapping[str, Any],
    strict: bool = True,
) -> NetworkT:
    """Load weights into a bare network, in place, or leave it as it was and say why not.

    A train-form checkpoint is merged on the way into a deploy-form network. A file that another
    code base wrote is converted if its family is known, range of the images included.

    Args:
        network: The network, without a ``generator.`` prefix of its own.
        source: A file, ``span-ncnn:NAME`` (see `convert`), or weights of ours already read, which
            are taken as they are.
        strict: Also refuse missing and unexpected keys. Shapes must always fit.

    Returns:
        ``network``.

    Raises:
        CheckpointMismatchError: The weights are another network's; the message has the three most
            telling differences.
        UnknownArchitectureError: A family recognises foreign weights and finds unknown keys.
    """
    if isinstance(source, (str, os.PathLike)):
        origin = os.fspath(source)
        found = stored_weights(source, getattr(network, "scale", None))
    else:
        origin, found = "state dict", network_state_dict(dict(source))
    state = adapt_form(network, found)
    problem = explain_mismatch(network, state, origin, strict)
    if problem:
        raise CheckpointMismatchError(problem)
    network.load_state_dict(state, strict=strict)
    return network


def stored_weights(source: str | os.PathLike[str], scale: int | None) -> dict[str, Tensor]:
    """The weights of a file or of ``span-ncnn:NAME``, converted where another code base wrote them.

    Args:
        source: As for `load_network`.
        scale: Of the network they are for, None where it has none.
    """
    if os.fspath(source).startswith(SPAN_NCNN_PREFIX):
        return dict(convert(source).state_dict)
    return state_of(read_checkpoint(source), scale, os.fspath(source))


def require_float_weights(source: str | os.PathLike[str]) -> None:
    """Refuse a file whose network is quantised already.

    Args:
        source: As for `load_network`.

    Raises:
        CheckpointError: Says what the file was made from where its metadata do.
    """
    origin = os.fspath(source)
    if origin.startswith(SPAN_NCNN_PREFIX):
        return
    content = read_checkpoint(source)
    if not any(key.startswith(QUANTIZER) for key in network_state_dict(content)):
        return
    meta = content.get("meta")
    made_from = meta.get("quantised_from") if isinstance(meta, Mapping) else None
    made, wanted = ("trained so", "that its training began with")
    if made_from:
        made, wanted = f"made from {made_from}", f"in {made_from}"
    raise CheckpointError(
        f"{origin} holds a quantised network ({made}), whose ranges would be lost: give the float "
        f"weights {wanted}"
    )


def adapt_form(network: nn.Module, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return a copy of ``state`` in the form ``network`` has.

    Re-parameterised blocks are merged where they are in the network; a float network leaves the
    roundings of a quantised one behind.
    """
    quantised = any(name.startswith(QUANTIZER) for name, _ in network.named_modules())
    adapted = dict(state) if quantised else without_quantizer(state)
    for name, block in network.named_modules():
        # Asked by what it can do, not by class: the registry leads here before networks exist.
        if hasattr(block, "adapt_state"):
            block.adapt_state(adapted, f"{name}." if name else "")
    return adapted


def explain_mismatch(
    network: nn.Module, state: Mapping[str, Tensor], origin: str, strict: bool = True
) -> str | None:
    """Say in one line why ``state`` does not fit ``network``, or return ``None`` if it does.

    Args:
        network: The network to load into.
        state: Bare state dict in the network's form, see :func:`adapt_form`.
        origin: File name for the message.
        strict: Whether missing and unexpected keys count.
    """
    wanted, state = without_observers(network.state_dict()), without_observers(state)
    if strict and _lacks_quantizer(wanted, state):
        return (
            f"{origin} holds the float {type(network).__name__}, the config wants it quantised: "
            "run tools/quantize.py on it first, or name it as quantization.checkpoint for training"
        )
    shapes = [key for key in wanted if key in state and wanted[key].shape != state[key].shape]
    missing = [key for key in wanted if key not in state] if strict else []
    unexpected = [key for key in state if key not in wanted] if strict else []
    if not (shapes or missing or unexpected):
        return None
    differences = [
        *_form_difference(missing, unexpected),
        *_scale_difference(network, {key: (wanted[key], state[key]) for key in shapes}),
        *(
            f"{key} is {tuple(state[key].shape)} in the checkpoint and "
            f"{tuple(wanted[key].shape)} in the network"
            for key in shapes
        ),
        *(f"{key} is missing from the checkpoint" for key in missing),
        *(f"{key} is not in the network" for key in unexpected),
    ]
    shown = "; ".join(differences[:3])
    total = len(shapes) + len(missing) + len(unexpected)
    return (
        f"{origin} does not fit {type(network).__name__}: {shown} ({total} tensors differ): "
        f"take this network's checkpoint or the checkpoint's config"
    )


def _lacks_quantizer(wanted: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> bool:
    return any(key.startswith(QUANTIZER) for key in wanted) and not any(
        key.startswith(QUANTIZER) for key in state
    )


def _form_difference(missing: list[str], unexpected: list[str]) -> list[str]:
    merged = any(".eval_conv." in key for key in unexpected)
    if merged and any(".sk." in key for key in missing):
        return ["checkpoint is in deploy form, network in train form (build it with deploy=True)"]
    return []


def _scale_difference(network: nn.Module, pairs: Mapping[str, tuple[Tensor, Tensor]]) -> list[str]:
    """Recognise another scale: r^2 times the output channels before the pixel shuffle."""
    scale = getattr(network, "scale", None)
    if not isinstance(scale, int):
        return []
    for key, (wanted, found) in pairs.items():
        # A 2-d or larger tensor of which only the outputs differ: the last convolution's kernel.
        if "upsampl" not in key or wanted.ndim < 2 or wanted.shape[1:] != found.shape[1:]:
            continue
        square, rest = divmod(found.shape[0] * scale**2, wanted.shape[0])
        other = math.isqrt(square)
        if not rest and other**2 == square:
            return [f"checkpoint is x{other}, network is x{scale}"]
    return []
