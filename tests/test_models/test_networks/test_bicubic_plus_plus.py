from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import BicubicPlusPlus


@torch.no_grad()
@pytest.mark.parametrize("size", [(8, 6), (7, 5), (1, 1)])
def test_equals_the_equations_written_out_and_odd_sides_are_cut(size: tuple[int, int]) -> None:
    network, x = BicubicPlusPlus(channels=6, scale=3), torch.rand(1, 3, *size)
    state = network.state_dict()
    assert not any(key.endswith("bias") for key in state)
    first = F.leaky_relu(F.conv2d(x, state["conv0.weight"], stride=2, padding=1), 0.1)
    h = F.leaky_relu(F.conv2d(first, state["conv1.weight"], padding=1), 0.1)
    h = F.leaky_relu(F.conv2d(h, state["conv2.weight"], padding=1), 0.1) + first
    wanted = F.pixel_shuffle(F.conv2d(h, state["conv_out.weight"], padding=1), 6)
    height, width = 3 * size[0], 3 * size[1]
    assert wanted.shape[2] == height + 3 * (size[0] % 2)
    assert torch.allclose(network(x), wanted[:, :, :height, :width], atol=1e-6)
