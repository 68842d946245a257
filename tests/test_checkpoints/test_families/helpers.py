"""What the tests of all families do."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.checkpoints import Converted, convert, load_network
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.registry import MODELS


def randomise(network: nn.Module) -> nn.Module:
    """Fill a network with weights that all matter, unlike published start values."""
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(torch.randn(parameter.shape) * 0.3)
    return network.eval()


def from_file(
    folder: Path, content: Mapping[str, Any], scale: int | None = None
) -> tuple[nn.Module, Converted]:
    """Save what the authors would, convert it, and build the network it describes."""
    torch.save(dict(content), folder / "official.pth")
    converted = convert(folder / "official.pth", scale)
    network = MODELS.build(dict(converted.network_cfg))
    return load_network(network, converted.state_dict).eval(), converted


def own_file(folder: Path, config: Mapping[str, Any], network: nn.Module) -> Path:
    """Write a file of our own, as the converter and the publisher do."""
    state = network.state_dict()
    return write_network(folder / "own.pth", state, network_metadata(config, state, {}))


def same_state(left: Mapping[str, Tensor], right: Mapping[str, Tensor]) -> bool:
    """Whether two state dicts have the same keys and values."""
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left)
