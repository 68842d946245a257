from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import HGSRCNN


def conv(state: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    return F.conv2d(x, state[f"{name}.weight"], state.get(f"{name}.bias"), padding=1)


def block(state: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    def step(layer: str, h: Tensor) -> Tensor:
        return conv(state, f"{name}.{layer}.0", h)

    halves = []
    for half in x.split(x.shape[1] // 2, 1):  # the same weights for both
        h = F.relu(step("conv2_1", F.relu(step("conv1_1", half))))
        halves.append(step("conv3_1", h))
    whole = x
    for layer in ("conv1_1_1", "conv2_1_1", "conv3_1_1"):
        whole = F.relu(step(layer, whole))
    early = h = F.relu(step("conv4_1", F.relu(torch.cat(halves, 1)) + whole))
    for layer in ("conv5_1", "conv6_1", "conv7_1", "conv8_1"):
        h = F.relu(step(layer, h))
    return h + x + early


@torch.no_grad()
@pytest.mark.parametrize("scale", [3, 4])
def test_equals_the_equations_written_out(scale: int) -> None:
    torch.manual_seed(0)
    network, x = HGSRCNN(channels=8, scale=scale), torch.rand(1, 3, 6, 5)
    state = dict(network.state_dict())
    mean = torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)
    shallow = F.relu(conv(state, "conv1_1.0", x - mean))
    first = h = block(state, "b1", shallow)
    for name in ("b2", "b3", "b4", "b5"):
        h = block(state, name, h)
    h = block(state, "b6", h + first) + shallow
    h = F.relu(conv(state, "conv2.0", h))
    for layer, step in [("0", 3)] if scale == 3 else [("0", 2), ("3", 2)]:
        h = F.pixel_shuffle(F.relu(conv(state, f"upsample.{layer}", h)), step)
    wanted = conv(state, "conv3.0", h) + mean
    assert torch.allclose(network(x), wanted, atol=1e-5)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="channels=7 is odd"):
        HGSRCNN(channels=7)
    with pytest.raises(ValueError, match="mean has 3 values for 1 input and 1 output channels"):
        HGSRCNN(in_channels=1, out_channels=1)
    HGSRCNN(in_channels=1, out_channels=1, channels=2, mean=None)(torch.rand(1, 1, 4, 4))
