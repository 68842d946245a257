from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.bicubic import Bicubic
from mmsrkd.models.networks.blocks.colour import TO_RGB, TO_YCBCR, mix_channels
from mmsrkd.models.networks.checks import check_image, find_scale
from mmsrkd.registry import MODELS

INNER = "network."


@MODELS.register_module()
class LumaOnly(nn.Module):
    """A luminance network made to take colour images, as its authors evaluate it.

    RGB [0, 1] in and out, (N, 3, H, W) -> (N, 3, rH, rW). RGB is turned into BT.601 YCbCr of studio
    range; Y / 255 goes through the network, Cb and Cr through `Bicubic`, then all three back to
    RGB. The Y of the result is what the network made.

    The weights are those of the inner network under ``network.``, and a file of the bare network
    loads too. In a config::

        dict(type="LumaOnly", network=dict(type="FSRCNN", in_channels=1, out_channels=1, scale=2))

    Args:
        network: The network or its configuration; 1 channel in, 1 out.
        deploy: Build the network from its configuration in the deploy form. Only for
            networks with re-parameterised blocks.

    Raises:
        ValueError: The network takes more than one channel, or does not say its scale.
    """

    def __init__(self, network: Mapping[str, Any] | nn.Module, deploy: bool = False) -> None:
        super().__init__()
        if isinstance(network, Mapping):
            network = MODELS.build({**network, "deploy": True} if deploy else dict(network))
        assert isinstance(network, nn.Module)
        name = type(network).__name__
        channels = _image_channels(network)
        if channels != 1:
            raise ValueError(
                f"LumaOnly sends one channel, Y, through its network, and {name} takes {channels}: "
                f"build it with in_channels=1, out_channels=1, or use {name} without LumaOnly"
            )
        self.in_channels = 3
        self.scale = _scale(network)
        self.min_side = int(getattr(network, "min_side", 1))
        self.network = network
        self.chroma = Bicubic(self.scale)
        # Plain numbers rather than buffers, for the reason Bicubic has.
        self.to_ycbcr = TO_YCBCR
        self.to_rgb = TO_RGB

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("LumaOnly", x, self.in_channels, self.min_side)
        ycbcr = mix_channels(x, self.to_ycbcr)
        luma, chroma = self.network(ycbcr[:, :1]), self.chroma(ycbcr[:, 1:])
        return mix_channels(torch.cat([luma, chroma], dim=1), self.to_rgb)

    def adapt_state(self, state: MutableMapping[str, Tensor], prefix: str) -> None:
        """Put the entries of ``state`` under ``prefix`` under ``network.`` if they are not there.

        So the file of a bare luminance network loads, whatever reads it.
        """
        keys = [key for key in state if key.startswith(prefix)]
        if any(key.startswith(prefix + INNER) for key in keys):
            return
        for key in keys:
            state[f"{prefix}{INNER}{key[len(prefix) :]}"] = state.pop(key)

    def _load_from_state_dict(
        self, state_dict: MutableMapping[str, Tensor], prefix: str, *args: object
    ) -> None:
        self.adapt_state(state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *args)


def _image_channels(network: nn.Module) -> int:
    """Channels the network takes; those of its first convolution where it does not say (mmagic)."""
    said = getattr(network, "in_channels", None)
    if isinstance(said, int):
        return said
    convs = (module for module in network.modules() if isinstance(module, nn.Conv2d))
    return next(convs).in_channels


def _scale(network: nn.Module) -> int:
    found = find_scale(network)
    if found is None:
        raise ValueError(f"LumaOnly: {type(network).__name__} has no attribute `scale`")
    return found
