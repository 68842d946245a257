from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import SESR, CollapsibleConv


def expanded(block: CollapsibleConv, x: Tensor) -> Tensor:
    """The block as the paper draws it: two convolutions and, where widths agree, a residual."""
    state, half = block.state_dict(), block.kernel_size // 2
    out = F.conv2d(F.conv2d(x, state["conv.0.weight"], padding=half), state["conv.1.weight"])
    return out + x if block.in_channels == block.out_channels else out


@torch.no_grad()
@pytest.mark.parametrize("widths", [(4, 4), (4, 6)], ids=str)
@pytest.mark.parametrize("kernel_size", [3, 5])
def test_collapsed_training_is_the_expanded_block(
    widths: tuple[int, int], kernel_size: int
) -> None:
    block, x = CollapsibleConv(*widths, kernel_size, 12), torch.randn(1, 4, 7, 6)
    wanted = expanded(block, x)
    assert torch.allclose(block(x), wanted, atol=1e-5)
    block.switch_to_deploy()
    assert block.eval_conv.bias is None
    assert torch.allclose(block(x), wanted, atol=1e-5)


def test_gradients_are_those_of_the_expanded_block() -> None:
    block, x = CollapsibleConv(3, 3, 3, 8), torch.randn(2, 3, 6, 6)
    parameters = list(block.parameters())
    found = torch.autograd.grad(block(x).square().sum(), parameters)
    state = dict(block.named_parameters())
    out = F.conv2d(F.conv2d(x, state["conv.0.weight"], padding=1), state["conv.1.weight"]) + x
    wanted = torch.autograd.grad(out.square().sum(), parameters)
    for one, other in zip(found, wanted, strict=True):
        assert torch.allclose(one, other, rtol=1e-4, atol=1e-3)


@torch.no_grad()
@pytest.mark.parametrize(("channels", "scale"), [(1, 2), (1, 4), (3, 4)])
def test_network_equals_its_equation(channels: int, scale: int) -> None:
    network = SESR(channels, channels, channels=16, num_blocks=2, expand_channels=8, scale=scale)
    x = torch.rand(1, channels, 6, 5)
    first = features = expanded(network.head, x - 0.5)
    for block, act in network.body:
        features = torch.relu(expanded(block, features))  # slopes begin at 0
        assert torch.equal(act.weight, torch.zeros(16))
    # x4 luminance: 16 -> 16 channels, so that the last block has the identity too
    features = expanded(network.tail, features + first)
    features = features + x.repeat_interleave(scale**2, dim=1)
    for _ in range(scale // 2):
        features = F.pixel_shuffle(features, 2)
    assert torch.allclose(network(x), features.clamp(0, 1), atol=1e-5)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="activation='silu' is not offered; use prelu, relu"):
        SESR(activation="silu")
    with pytest.raises(ValueError, match="adds its input to its output, but they have 1 and 3"):
        SESR(in_channels=1)
    with pytest.raises(ValueError, match="expand_channels >= 1, got 0"):
        SESR(expand_channels=0)
