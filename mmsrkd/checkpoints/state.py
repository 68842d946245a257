from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from mmsrkd.checkpoints.errors import CheckpointError

# This file and what it imports stay free of networks: the registry itself leads here.
CONTAINERS = ("state_dict", "params_ema", "params", "model")
GENERATOR = "generator."
PARALLEL = "module."
#: What a quantised network has beyond its float one begins so, ...
QUANTIZER = "quantizer."
#: ... and what of it only training needs holds this.
OBSERVER = ".observer."


def network_state_dict(checkpoint: Mapping[str, Any]) -> dict[str, Tensor]:
    """Return the bare state dict of the network inside a checkpoint.

    Takes it out of ``state_dict``, ``params_ema``, ``params`` or ``model`` where there is one,
    removes the ``module.`` of parallel wrappers, and where there are ``generator.`` keys (a mmagic
    editor, distilling or not) keeps those alone, without the prefix.

    Args:
        checkpoint: What :func:`~mmsrkd.checkpoints.safe_load.read_checkpoint` returned, or a bare
            state dict.

    Raises:
        CheckpointError: There are no tensors in it.
    """
    content = _content(checkpoint)
    state = {key: value for key, value in content.items() if isinstance(value, Tensor)}
    if not state:
        keys = ", ".join(map(str, list(content)[:5])) or "nothing"
        raise CheckpointError(f"checkpoint has no tensors (it has {keys}): not a network's weights")
    if all(key.startswith(PARALLEL) for key in state):
        state = _strip(state, PARALLEL)
    if any(key.startswith(GENERATOR) for key in state):
        state = _strip(state, GENERATOR)
    return state


def without_observers(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Leave out what a quantised network has observed; its scales follow from that and stay."""
    return {
        key: value
        for key, value in state.items()
        if not (key.startswith(QUANTIZER) and OBSERVER in key)
    }


def without_quantizer(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Leave out all that makes a quantised network differ from its float one."""
    return {key: value for key, value in state.items() if not key.startswith(QUANTIZER)}


def is_editor(checkpoint: Mapping[str, Any]) -> bool:
    """Whether a checkpoint is that of a mmagic editor, which holds a network as ``generator``."""
    keys = (str(key).removeprefix(PARALLEL) for key in _content(checkpoint))
    return any(key.startswith(GENERATOR) for key in keys)


def _content(checkpoint: Mapping[str, Any]) -> Mapping[str, Any]:
    for container in CONTAINERS:
        if isinstance(checkpoint.get(container), Mapping):
            content: Mapping[str, Any] = checkpoint[container]
            return content
    return checkpoint


def _strip(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}
