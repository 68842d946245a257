from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import RLFN, DIPNet


def esa(state: dict[str, Tensor], prefix: str, x: Tensor) -> Tensor:
    """ESA as RLFN has it: one convolution on the pooled map, without ReLU."""

    def conv(name: str, t: Tensor, **kwargs: Any) -> Tensor:
        weight, bias = (state[f"{prefix}.{name}.{kind}"] for kind in ("weight", "bias"))
        return F.conv2d(t, weight, bias, **kwargs)

    narrow = conv("conv1", x)
    pooled = F.max_pool2d(conv("conv2", narrow, stride=2), 7, 3)
    wide = F.interpolate(
        conv("conv3", pooled, padding=1), x.shape[2:], mode="bilinear", align_corners=False
    )
    return x * torch.sigmoid(conv("conv4", wide + conv("conv_f", narrow)))


@torch.no_grad()
@pytest.mark.parametrize(
    "network",
    [
        RLFN(channels=6, mid_channels=5, num_blocks=2, esa_channels=3),
        RLFN(channels=6, num_blocks=1, num_convs=1, esa_channels=3),
        DIPNet(channels=6, mid_channels=4, num_blocks=2, esa_channels=3, scale=3),
    ],
    ids=["RLFN", "one convolution", "DIPNet"],
)
def test_equals_the_equations_written_out(network: RLFN) -> None:
    state, x = dict(network.state_dict()), torch.rand(1, 3, 31, 23)

    def conv(name: str, t: Tensor, padding: int = 1) -> Tensor:
        bias = state.get(f"{name}.bias")
        return F.conv2d(t, state[f"{name}.weight"], bias, padding=padding)

    shallow = features = conv("conv_1", x)
    for number in (1, 2):
        block = f"block_{number}"
        if f"{block}.c5.weight" not in state:
            continue
        h = features
        for name in ("c1_r", "c2_r", "c3_r"):
            if f"{block}.{name}.weight" in state:
                h = F.leaky_relu(conv(f"{block}.{name}", h), 0.05)  # after the last one too
        features = esa(state, f"{block}.esa", conv(f"{block}.c5", h + features, 0))
    wanted = F.pixel_shuffle(conv("upsampler.0", conv("conv_2", features) + shallow), network.scale)
    assert torch.allclose(network(x), wanted, atol=1e-6)


def test_dipnet_has_biases_in_the_attention_alone() -> None:
    biases = {key for key in DIPNet().state_dict() if key.endswith("bias")}
    assert biases
    assert all(".esa." in key for key in biases)


def test_dipnet_says_its_own_name() -> None:
    with pytest.raises(ValueError, match=r"^DIPNet needs images of at least 15x15"):
        DIPNet(channels=4, mid_channels=4, num_blocks=1)(torch.rand(1, 3, 14, 40))
    with pytest.raises(ValueError, match=r"^DIPNet needs .*mid_channels >= 1"):
        DIPNet(mid_channels=0)


@pytest.mark.parametrize("number", [0, 4])
def test_number_of_convolutions_is_checked(number: int) -> None:
    with pytest.raises(ValueError, match=f"num_convs={number} is not offered; use 1, 2 or 3"):
        RLFN(num_convs=number)
