from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import FSRCNN


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3])
def test_equals_the_equations_written_out(scale: int) -> None:
    network = FSRCNN(channels=6, shrink_channels=4, num_blocks=2, scale=scale)
    state, x = network.state_dict(), torch.rand(1, 3, 7, 6)
    state["last_part.weight"] = torch.randn(6, 3, 9, 9)  # published init is next to zero
    network.load_state_dict(state)
    layers = ["first_part.0", "mid_part.0", "mid_part.2", "mid_part.4", "mid_part.6"]
    h = x
    for layer, kernel_size in zip(layers, (5, 1, 3, 3, 1), strict=True):
        part, _, index = layer.partition(".")
        slopes = state[f"{part}.{int(index) + 1}.weight"]
        padding = kernel_size // 2
        h = F.conv2d(h, state[f"{layer}.weight"], state[f"{layer}.bias"], padding=padding)
        h = F.prelu(h, slopes)
    weight, bias = state["last_part.weight"], state["last_part.bias"]
    wanted = F.conv_transpose2d(h, weight, bias, scale, 4, scale - 1)
    assert wanted.shape[2:] == (7 * scale, 6 * scale)
    assert torch.allclose(network(x), wanted, atol=1e-5)


@torch.no_grad()
def test_starts_as_published() -> None:
    torch.manual_seed(0)
    network = FSRCNN(in_channels=1, out_channels=1)
    first = network.first_part[0].weight
    assert float(first.std()) == pytest.approx((2 / (56 * 25)) ** 0.5, rel=0.1)
    assert float(network.last_part.weight.std()) == pytest.approx(1e-3, rel=0.1)
    assert not any(p.any() for name, p in network.named_parameters() if name.endswith("bias"))


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="prelu='shared' is not offered; use channel, single"):
        FSRCNN(prelu="shared")
    with pytest.raises(ValueError, match="num_blocks >= 1, got 56 and 12 and 0"):
        FSRCNN(num_blocks=0)
    with pytest.raises(ValueError, match=r"luminance \(Y\) images.*wrap it in LumaOnly"):
        FSRCNN(in_channels=1, out_channels=1)(torch.rand(1, 3, 8, 8))
