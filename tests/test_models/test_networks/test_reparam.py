from __future__ import annotations

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.reparam import Conv3XC, count_parameters, switch_to_deploy


def block() -> Conv3XC:
    torch.manual_seed(0)
    conv = Conv3XC(3, 5)
    # Large biases of the first 1x1 make a merge that forgets the border visible.
    nn.init.normal_(conv.conv[0].bias)
    return conv


def by_hand(conv: Conv3XC, x: Tensor) -> Tensor:
    """The branches one by one, as the authors run them."""
    out = F.pad(x, (1, 1, 1, 1))
    for branch in conv.conv:
        out = branch(out)
    return out + conv.sk(x)


def test_train_form_has_the_output_and_gradients_of_its_branches() -> None:
    conv, x = block().double(), torch.rand(2, 3, 6, 7).double().requires_grad_()
    wanted = by_hand(conv, x)
    assert torch.allclose(conv(x), wanted, atol=1e-12)
    inputs = [x, *conv.parameters()]
    found = torch.autograd.grad(conv(x).square().sum(), inputs)
    for one, other in zip(found, torch.autograd.grad(wanted.square().sum(), inputs), strict=True):
        assert torch.allclose(one, other, rtol=1e-9, atol=1e-9)


@torch.no_grad()
def test_kernels_are_merged_in_full_precision_under_autocast() -> None:
    conv, x = block(), torch.rand(1, 3, 6, 7)
    wanted = copy.deepcopy(conv)
    wanted.switch_to_deploy()
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(conv(x), wanted(x))
    half = conv.to(torch.bfloat16)
    assert half(x.bfloat16()).dtype == torch.bfloat16


def test_train_form_compiles_without_graph_break() -> None:
    conv, x = block(), torch.rand(1, 3, 6, 7)
    compiled = torch.compile(conv, fullgraph=True, backend="eager")
    assert torch.equal(compiled(x), conv(x))


@torch.no_grad()
def test_merge_is_exact_up_to_the_border() -> None:
    conv, x = block().double(), torch.rand(2, 3, 6, 7).double()
    wanted = by_hand(conv, x)
    merged = switch_to_deploy(copy.deepcopy(conv))
    assert list(merged.state_dict()) == ["eval_conv.weight", "eval_conv.bias"]
    assert torch.allclose(merged(x), wanted, atol=1e-12)


def test_switching_twice_changes_nothing_and_keeps_mode_and_type() -> None:
    conv = block().half().eval().requires_grad_(False)
    merged = switch_to_deploy(conv)
    weight = merged.eval_conv.weight
    assert switch_to_deploy(merged).eval_conv.weight is weight
    assert weight.dtype == torch.float16
    assert not weight.requires_grad
    assert not merged.eval_conv.training


def test_walks_any_depth() -> None:
    network = nn.Sequential(nn.Sequential(block(), nn.ReLU()), Conv3XC(5, 2))
    switch_to_deploy(network)
    assert sorted({key.split(".")[-2] for key in network.state_dict()}) == ["eval_conv"]


def test_deploy_block_merges_a_train_state_while_loading() -> None:
    train, x = block(), torch.rand(1, 3, 5, 5)
    deploy = Conv3XC(3, 5, deploy=True)
    deploy.load_state_dict(train.state_dict())
    assert torch.allclose(deploy(x), by_hand(train, x), atol=1e-6)


def test_train_block_accepts_the_official_stale_copy() -> None:
    train = block()
    state = {**train.state_dict(), **Conv3XC(3, 5, deploy=True).state_dict()}
    other = Conv3XC(3, 5)
    other.load_state_dict(state)
    assert torch.equal(other.sk.weight, train.sk.weight)
    assert "eval_conv.weight" in state, "the caller's dictionary is not ours to change"


def test_train_block_does_not_pretend_to_load_a_merged_state() -> None:
    with pytest.raises(RuntimeError, match=r"eval_conv\.weight"):
        block().load_state_dict(Conv3XC(3, 5, deploy=True).state_dict())


def test_published_count_includes_the_frozen_copy() -> None:
    conv = block()
    assert count_parameters(conv, as_published=True) - count_parameters(conv) == 5 * (3 * 9 + 1)
    assert count_parameters(switch_to_deploy(conv), as_published=True) == 5 * (3 * 9 + 1)
