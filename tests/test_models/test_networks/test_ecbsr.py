from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks import ECB, ECBSR

SOBEL_X = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
LAPLACIAN = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])
EDGES = {"conv1x1_sbx": SOBEL_X, "conv1x1_sby": SOBEL_X.T, "conv1x1_lpl": LAPLACIAN}


def with_border(y: Tensor, value: Tensor) -> Tensor:
    """Pad by one pixel with a value for each channel, as the original does."""
    n, c, h, w = y.shape
    out = value.view(1, -1, 1, 1).expand(n, c, h + 2, w + 2).clone()
    out[:, :, 1:-1, 1:-1] = y
    return out


def by_hand(block: ECB, x: Tensor) -> Tensor:
    state = block.state_dict()

    def squeeze(name: str) -> Tensor:
        k0, b0 = state[f"{name}.k0"], state[f"{name}.b0"]
        return with_border(F.conv2d(x, k0, b0), b0)

    out = F.conv2d(x, state["conv3x3.weight"], state["conv3x3.bias"], padding=1)
    k1, b1 = state["conv1x1_3x3.k1"], state["conv1x1_3x3.b1"]
    out = out + F.conv2d(squeeze("conv1x1_3x3"), k1, b1)
    for name, mask in EDGES.items():
        kernel = state[f"{name}.scale"] * mask
        bias = state[f"{name}.bias"]
        out = out + F.conv2d(squeeze(name), kernel, bias, groups=len(bias))
    return out + x if block.with_identity else out


@torch.no_grad()
@pytest.mark.parametrize(("outputs", "identity"), [(6, False), (4, True), (4, False), (6, True)])
def test_block_equals_its_equation_also_merged_and_at_the_border(
    outputs: int, identity: bool
) -> None:
    block, x = ECB(4, outputs, with_identity=identity), torch.randn(1, 4, 5, 6)
    for parameter in block.parameters():  # the published 1e-3 would hide the edge branches
        nn.init.normal_(parameter, std=0.5)
    wanted = by_hand(block, x)
    assert block.with_identity == (identity and outputs == 4)
    assert torch.allclose(block(x), wanted, atol=1e-4)
    block.switch_to_deploy()
    assert torch.allclose(block(x), wanted, atol=1e-4)


@torch.no_grad()
def test_image_residual_of_rgb_is_nearest_neighbour() -> None:
    network, x = ECBSR(channels=4, num_blocks=1, scale=3), torch.rand(1, 3, 5, 4)
    residual = F.pixel_shuffle(network.backbone(x), 3)
    wanted = residual + F.interpolate(x, scale_factor=3.0, mode="nearest")
    assert torch.allclose(network(x), wanted, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("deploy", [False, True])
def test_official_state_with_masks_loads(deploy: bool) -> None:
    source, x = ECBSR(channels=4, num_blocks=1), torch.rand(1, 3, 6, 6)
    state = dict(source.state_dict())
    assert not any("mask" in key for key in state)
    for index, width in enumerate((4, 4, 12)):
        for name, mask in EDGES.items():
            state[f"backbone.{index}.{name}.mask"] = mask.expand(width, 1, 3, 3)
    network = ECBSR(channels=4, num_blocks=1, deploy=deploy)
    network.load_state_dict(state)
    assert torch.allclose(network(x), source(x), atol=1e-5)


def test_edge_branches_begin_small() -> None:
    block = ECB(8, 64)
    for name in EDGES:
        edge = block.get_submodule(name)
        for values in (edge.scale, edge.bias):
            assert 5e-4 < values.std() < 2e-3


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="'rrelu' is not offered; use prelu, relu, softplus"):
        ECBSR(activation="rrelu")
    with pytest.raises(ValueError, match="have 1 and 3 channels"):
        ECBSR(in_channels=1)
