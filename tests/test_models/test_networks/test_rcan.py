from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import RCAN


@torch.no_grad()
def test_network_equals_its_equation() -> None:
    network = RCAN(channels=8, num_groups=2, num_blocks=1, reduction=4, scale=4)
    state, x = network.state_dict(), torch.rand(1, 3, 6, 7)

    def conv(name: str, t: Tensor) -> Tensor:
        weight = state[f"{name}.weight"]
        return F.conv2d(t, weight, state[f"{name}.bias"], padding=weight.shape[-1] // 2)

    def block(name: str, t: Tensor) -> Tensor:
        h = conv(f"{name}.body.2", torch.relu(conv(f"{name}.body.0", t)))
        gate = torch.relu(conv(f"{name}.body.3.conv_du.0", h.mean((2, 3), keepdim=True)))
        return t + h * torch.sigmoid(conv(f"{name}.body.3.conv_du.2", gate))

    mean = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)
    first = h = conv("head.0", x - mean)
    for g in range(2):
        h = h + conv(f"body.{g}.body.1", block(f"body.{g}.body.0", h))
    h = conv("body.2", h) + first
    for step in (0, 2):
        h = F.pixel_shuffle(conv(f"tail.0.{step}", h), 2)
    assert torch.allclose(network(x), conv("tail.1", h) + mean, atol=1e-5)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="mean has 3 values for 1 input and 1 output channels"):
        RCAN(in_channels=1, out_channels=1)
    with pytest.raises(ValueError, match="1 <= reduction <= channels=8, got 16"):
        RCAN(channels=8)
    with pytest.raises(ValueError, match="num_blocks >= 1, got 64 and 10 and 0"):
        RCAN(num_blocks=0)
