"""A quantised network as a config can name it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from torch import nn

from mmsrkd.checkpoints import load_network
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.registry import MODELS

from .quantize import quantize
from .scheme import build_scheme


@MODELS.register_module(name="Quantized")
def build_quantised(
    network: Mapping[str, Any],
    scheme: Mapping[str, Any] | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
) -> nn.Module:
    """Build a network and put fake-quantisers into it; an instance of the network's own class.

    ``dict(type="Quantized", network=dict(type="LGRNet", ...), scheme=dict(preset="cpu"))``

    Args:
        network: Config of the float network.
        scheme: Arguments of `build_scheme`.
        checkpoint: Float weights to begin with, of either form: re-parameterised blocks are merged.

    Raises:
        KeyError: If the scheme has an unknown preset or argument.
        ValueError: If a pattern of the scheme fits nothing.
    """
    built: nn.Module = MODELS.build(dict(network))
    if checkpoint is not None:
        load_network(switch_to_deploy(built), checkpoint)  # official SPANs come merged
    return quantize(built, build_scheme(**dict(scheme or {})))
