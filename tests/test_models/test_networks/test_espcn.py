from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import ESPCN


@torch.no_grad()
@pytest.mark.parametrize(("name", "act"), [("tanh", torch.tanh), ("relu", F.relu)])
def test_equals_the_equations_written_out(name: str, act: object) -> None:
    network = ESPCN(in_channels=1, out_channels=1, scale=3, activation=name)
    state, x = network.state_dict(), torch.rand(2, 1, 5, 6)
    h = act(F.conv2d(x, state["first_part.0.weight"], padding=2))  # biases start from zero
    h = act(F.conv2d(h, state["first_part.2.weight"], padding=1))
    h = F.conv2d(h, state["last_part.0.weight"], padding=1)
    assert torch.allclose(network(x), F.pixel_shuffle(h, 3), atol=1e-6)
    assert float(state["last_part.0.weight"].std()) == pytest.approx(1e-3, rel=0.1)


def test_bad_activation_is_explained() -> None:
    with pytest.raises(ValueError, match="activation='gelu' is not offered; use tanh, relu"):
        ESPCN(activation="gelu")
