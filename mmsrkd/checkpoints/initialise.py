from __future__ import annotations

import fnmatch
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.checkpoints.convert import SPAN_NCNN_PREFIX, convert
from mmsrkd.checkpoints.digest import sha256_of
from mmsrkd.checkpoints.errors import CheckpointMismatchError
from mmsrkd.checkpoints.load import adapt_form, stored_weights

Ranges = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Initialised:
    """What `initialise` did, by tensor name in the network (``unused``: in the checkpoint)."""

    checkpoint: str
    sha256: str
    copied: list[str]
    sliced: list[str]
    left: list[str]
    unused: list[str]

    def as_json(self) -> dict[str, Any]:
        """Plain dictionary."""
        return asdict(self)

    def summary(self) -> str:
        """One line for the log."""
        parts = [f"{len(self.copied)} tensors copied"]
        for name, tensors in (("sliced", self.sliced), ("left random", self.left)):
            parts += [f"{len(tensors)} {name} ({', '.join(tensors[:6])})"] if tensors else []
        parts += [f"{len(self.unused)} of the checkpoint unused"] if self.unused else []
        return f"initialised from {self.checkpoint}: {'; '.join(parts)}"


@torch.no_grad()
def initialise(
    network: nn.Module,
    checkpoint: str | os.PathLike[str],
    prefix: str = "",
    inputs: Mapping[str, Ranges] | None = None,
    leave: Sequence[str] = (),
    into: str = "",
) -> Initialised:
    """Start a network from the weights of a larger one, or a part of it from another's, in place.

    Tensors are copied by name. A network of fewer blocks, numbered as those of the larger one, so
    begins with its first blocks (TAKDSR says only "initialised with the teacher's parameters"). A
    convolution that joins the outputs of all blocks has fewer inputs; ``inputs`` tells which.

    Args:
        network: The smaller network.
        checkpoint: A file of any kind that `load_network` takes.
        prefix: Where the larger network is inside the checkpoint's, e.g. ``decoder.``.
        inputs: By module path, ranges ``[first, end]`` of the larger convolution's input channels
            that make up the smaller one's, e.g. ``{"c.0": [[0, 50]]}`` for the first of RFDN's
            blocks.
        leave: Names of tensors, perhaps globs, that keep their random values.
        into: Path of the module of the network that is filled; all names are then inside it.

    Returns:
        What was copied, sliced, left and not used.

    Raises:
        CheckpointMismatchError: A shape differs and is in neither ``inputs`` nor ``leave``, ranges
            do not fit, blocks are merged in the checkpoint alone, there is no module ``into``, or
            nothing fits at all.
    """
    network = _part(network, into)
    origin, kind = os.fspath(checkpoint), type(network).__name__
    source = _tensors_under(prefix, checkpoint, getattr(network, "scale", None))
    source = adapt_form(network, source)  # a train form is merged for a network in deploy form
    _require_form(network, source, origin)
    own, wanted = dict(inputs or {}), network.state_dict()
    _require_modules(network, own, kind)
    values: dict[str, Tensor] = {}
    for name, target in wanted.items():
        if name in source and not any(fnmatch.fnmatchcase(name, pattern) for pattern in leave):
            ranges = own.get(name.removesuffix(".weight"))
            values[name] = _fitting(name, source[name], target, ranges, origin, kind)
    if not values:
        there, here = (", ".join(list(state)[:3]) or "nothing" for state in (source, wanted))
        raise CheckpointMismatchError(
            f"init_from: nothing in {origin} under prefix {prefix!r} is called as in {kind} "
            f"({here}, ...): it has {there}; correct `prefix`"
        )
    for name, value in values.items():
        wanted[name].copy_(value)
    sliced = [name for name in values if values[name].shape != source[name].shape]
    return Initialised(
        checkpoint=origin,
        sha256=_sha256(checkpoint),
        copied=[name for name in values if name not in sliced],
        sliced=sliced,
        left=[name for name in wanted if name not in values],
        unused=[name for name in source if name not in values],
    )


def _sha256(checkpoint: str | os.PathLike[str]) -> str:
    if os.fspath(checkpoint).startswith(SPAN_NCNN_PREFIX):
        return str(convert(checkpoint).info["sha256"])
    return sha256_of(checkpoint)


def _part(network: nn.Module, into: str) -> nn.Module:
    try:
        return network.get_submodule(into)
    except AttributeError:
        parts = ", ".join(name for name, _ in network.named_children())
        raise CheckpointMismatchError(
            f"init_from: {type(network).__name__} has no module {into!r}; it has {parts}"
        ) from None


def _require_form(network: nn.Module, source: Mapping[str, Tensor], origin: str) -> None:
    """Refuse merged blocks for a network that holds their branches: they would stay random."""
    wanted = network.state_dict()
    merged = [name for name in source if ".eval_conv." in name and name not in wanted]
    if merged and any(".sk." in name or ".conv.0." in name for name in wanted):
        raise CheckpointMismatchError(
            f"init_from: {origin} holds merged convolutions ({merged[0]}, ...), "
            f"{type(network).__name__} their branches: publish with deploy=False (in a stages "
            "file: of that stage), or build the network with deploy=True"
        )


def _tensors_under(
    prefix: str, checkpoint: str | os.PathLike[str], scale: int | None
) -> dict[str, Tensor]:
    state = stored_weights(checkpoint, scale)
    return {k.removeprefix(prefix): t for k, t in state.items() if k.startswith(prefix)}


def _fitting(
    name: str, source: Tensor, target: Tensor, ranges: Ranges | None, origin: str, kind: str
) -> Tensor:
    if ranges is not None and target.ndim > 1:
        return _slice(source, ranges, target, f"init_from.inputs[{name!r}]")
    if source.shape == target.shape:
        return source
    raise CheckpointMismatchError(
        f"init_from: {name} is {tuple(source.shape)} in {origin} and {tuple(target.shape)} in "
        f"{kind}: "
        "give both networks the same width, or the input channels to keep in `inputs`, or name "
        "the tensor in `leave`"
    )


def _slice(source: Tensor, ranges: Ranges, target: Tensor, where: str) -> Tensor:
    """Keep ranges of the input channels of a convolution's weight."""
    width = source.shape[1]
    if any(not 0 <= first < end <= width for first, end in ranges):
        raise CheckpointMismatchError(
            f"{where}: ranges {[list(r) for r in ranges]} are not inside the {width} input channels"
        )
    kept = torch.cat([source[:, first:end] for first, end in ranges], dim=1)
    if kept.shape != target.shape:
        raise CheckpointMismatchError(
            f"{where}: ranges {[list(r) for r in ranges]} make {tuple(kept.shape)} of "
            f"{tuple(source.shape)}, the network has {tuple(target.shape)}: correct the ranges"
        )
    return kept


def _require_modules(network: nn.Module, inputs: Mapping[str, Ranges], kind: str) -> None:
    known = {name for name, module in network.named_modules() if isinstance(module, nn.Conv2d)}
    for name in inputs:
        if name not in known:
            raise CheckpointMismatchError(
                f"init_from.inputs: {kind} has no convolution {name!r}; it has "
                f"{', '.join(sorted(known)[:8])}"
            )
