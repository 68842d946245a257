from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks import ABPN


@torch.no_grad()
def test_network_equals_its_equation() -> None:
    network, x = ABPN(channels=5, num_blocks=2, scale=3), torch.rand(1, 3, 6, 7)
    state = network.state_dict()

    def conv(name: str, t: Tensor) -> Tensor:
        return F.conv2d(t, state[f"{name}.weight"], state[f"{name}.bias"], padding=1)

    h = torch.relu(conv("head.0", x))
    for i in range(2):
        h = torch.relu(conv(f"body.{i}.0", h))
    h = conv("tail.1", torch.relu(conv("tail.0.0", h)))
    wanted = F.pixel_shuffle(h, 3) + F.interpolate(x, scale_factor=3.0, mode="nearest")
    assert torch.allclose(network(x), wanted.clamp(0, 1), atol=1e-6)


def test_a_network_of_zeros_is_nearest_neighbour_and_clips() -> None:
    network, x = ABPN(channels=4, num_blocks=1), torch.rand(1, 3, 4, 4)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            assert not module.bias.any()  # as published
            nn.init.zeros_(module.weight)
    assert torch.equal(network(x), x.repeat_interleave(2, 2).repeat_interleave(2, 3))
    assert network(x * 3 - 1).aminmax() == (0, 1)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="channels >= 1 and num_blocks >= 1, got 28 and 0"):
        ABPN(num_blocks=0)
    with pytest.raises(ValueError, match="have 3 and 1 channels"):
        ABPN(out_channels=1)
