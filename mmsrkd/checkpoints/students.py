from __future__ import annotations

import os

from torch import nn

from mmsrkd.checkpoints.errors import CheckpointError, TruncatedCheckpointError
from mmsrkd.checkpoints.load import load_network
from mmsrkd.checkpoints.network_file import is_network_file, weights_sha256
from mmsrkd.checkpoints.safe_load import read_checkpoint
from mmsrkd.checkpoints.state import network_state_dict


def build_published(path: str | os.PathLike[str]) -> nn.Module:
    """Build the network of a published or converted file, weights loaded, in evaluation mode.

    Args:
        path: A ``.safetensors`` or ``.pth`` that carries its own network configuration.

    Returns:
        The network on the CPU.

    Raises:
        CheckpointError: The file carries no configuration.
        TruncatedCheckpointError: The weights are not those that were written.
    """
    from mmsrkd.registry import MODELS

    checkpoint = read_checkpoint(path)
    if not is_network_file(checkpoint):
        raise CheckpointError(
            f"{os.fspath(path)} does not say which network it is: make it with "
            f"tools/publish_student.py or tools/convert_checkpoint.py"
        )
    meta = checkpoint["meta"]
    state = network_state_dict(checkpoint)
    if weights_sha256(state) != meta["weights_sha256"]:
        raise TruncatedCheckpointError(
            f"{os.fspath(path)}: the weights are not those it was published with "
            f"(weights_sha256 differs): copy it again"
        )
    network: nn.Module = MODELS.build(dict(meta["network"]))
    return load_network(network, state).eval()
