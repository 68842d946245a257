from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import VDSR, Bicubic


@torch.no_grad()
def test_equals_the_equations_written_out() -> None:
    network, x = VDSR(channels=5, num_layers=4, scale=3), torch.rand(1, 3, 6, 5)
    state = network.state_dict()
    assert list(state)[::2] == [f"features.{k}.weight" for k in (0, 2, 4, 6)]
    h = enlarged = Bicubic(3)(x)
    for k in (0, 2, 4, 6):
        h = F.conv2d(h, state[f"features.{k}.weight"], state[f"features.{k}.bias"], padding=1)
        h = h if k == 6 else F.relu(h)
    assert torch.allclose(network(x), enlarged + h, atol=1e-6)


@torch.no_grad()
def test_without_its_correction_it_is_bicubic_interpolation() -> None:
    network, x = (
        VDSR(in_channels=1, out_channels=1, channels=4, num_layers=2),
        torch.rand(1, 1, 5, 4),
    )
    network.features[-1].weight.zero_()
    assert torch.equal(network(x), Bicubic(2)(x))


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="VDSR needs num_layers >= 2, got 1"):
        VDSR(num_layers=1)
    with pytest.raises(ValueError, match="adds its input to its output, but they have 3 and 1"):
        VDSR(out_channels=1)
