from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import XLSR


@torch.no_grad()
def test_equals_the_equations_written_out_with_four_parallel_convolutions() -> None:
    network = XLSR(scale=3)
    state, x = network.state_dict(), torch.rand(1, 3, 6, 5)

    def conv(h: torch.Tensor, name: str, groups: int = 1) -> torch.Tensor:
        weight = state[f"{name}.weight"]
        return F.conv2d(h, weight, state[f"{name}.bias"], 1, weight.shape[2] // 2, 1, groups)

    pieces = zip(state["conv0.weight"].chunk(4), state["conv0.bias"].chunk(4), strict=True)
    h = torch.cat([F.relu(F.conv2d(x, weight, bias, padding=1)) for weight, bias in pieces], 1)
    h = conv(h, "conv2")
    for i in range(3):
        h = conv(F.relu(conv(h, f"Gblocks.{i}.conv0", groups=4)), f"Gblocks.{i}.conv1")
    h = F.relu(conv(torch.cat([h, conv(x, "conv1")], 1), "conv3"))
    wanted = F.pixel_shuffle(conv(h, "conv4"), 3).clamp(0, 1)
    assert (wanted == 0).any()
    assert torch.allclose(network(x), wanted, atol=1e-6)


def test_biases_keep_the_clipped_output_alive_at_the_start() -> None:
    torch.manual_seed(0)
    out = XLSR()(torch.rand(1, 3, 16, 16))
    assert float(((out > 0) & (out < 1)).float().mean()) > 0.2


def test_width_must_split_in_four() -> None:
    with pytest.raises(ValueError, match="channels=30 is not a multiple of 4"):
        XLSR(channels=30)
