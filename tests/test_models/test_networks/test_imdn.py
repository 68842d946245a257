from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import IMDB, IMDN


@torch.no_grad()
def test_block_equals_its_equation() -> None:
    block = IMDB(32)
    state, x = block.state_dict(), torch.randn(1, 32, 9, 7)

    def conv(name: str, t: Tensor) -> Tensor:
        weight = state[f"{name}.weight"]
        return F.conv2d(t, weight, state[f"{name}.bias"], padding=weight.shape[-1] // 2)

    rest, kept = x, []
    for name in ("c1", "c2", "c3"):
        out = F.leaky_relu(conv(name, rest), 0.05)
        kept.append(out[:, :8])
        rest = out[:, 8:]
    joined = torch.cat([*kept, conv("c4", rest)], 1)  # c4 has no activation
    contrast = joined.std((2, 3), correction=0, keepdim=True) + joined.mean((2, 3), keepdim=True)
    gate = torch.sigmoid(conv("cca.conv_du.2", F.relu(conv("cca.conv_du.0", contrast))))
    assert torch.allclose(block(x), conv("c5", joined * gate) + x, atol=1e-5)


@torch.no_grad()
def test_all_blocks_are_fused_and_the_first_features_added() -> None:
    network, x, seen = IMDN(channels=16, num_blocks=3), torch.rand(1, 3, 8, 6), []
    for number in (1, 2, 3):
        block = network.get_submodule(f"IMDB{number}")
        block.register_forward_hook(lambda module, args, out: seen.append(out))
    out = network(x)
    fused = network.LR_conv(network.c(torch.cat(seen, 1)))
    assert torch.equal(out, network.upsampler(fused + network.fea_conv(x)))


def test_flat_features_have_a_gradient() -> None:
    # One pixel has no contrast, and the root of zero has no slope.
    network = IMDN(channels=16, num_blocks=1)
    network(torch.rand(1, 3, 1, 1)).sum().backward()
    assert all(torch.isfinite(p.grad).all() for p in network.parameters() if p.grad is not None)


@pytest.mark.parametrize("channels", [12, 18])
def test_bad_widths_are_explained(channels: int) -> None:
    with pytest.raises(ValueError, match=rf"multiple of 4 of at least 16, got {channels}"):
        IMDN(channels=channels)
