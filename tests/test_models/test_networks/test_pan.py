from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import PAN


@torch.no_grad()
@pytest.mark.parametrize("scale", [2, 3, 4])
def test_equals_the_equations_written_out(scale: int) -> None:
    network, x = PAN(channels=8, up_channels=6, num_blocks=2, scale=scale), torch.rand(1, 3, 9, 7)
    state, taps = network.state_dict(), {}
    network.upsample1.register_forward_pre_hook(lambda m, args: taps.update(features=args[0]))

    def conv(name: str, t: Tensor) -> Tensor:
        weight = state[f"{name}.weight"]
        return F.conv2d(t, weight, state.get(f"{name}.bias"), padding=weight.shape[-1] // 2)

    def act(t: Tensor) -> Tensor:
        return F.leaky_relu(t, 0.2)

    shallow = features = conv("conv_first", x)
    for block in ("SCPA_trunk.0", "SCPA_trunk.1"):
        a = act(conv(f"{block}.k1.0", act(conv(f"{block}.conv1_a", features))))
        b = act(conv(f"{block}.conv1_b", features))
        gated = conv(f"{block}.PAConv.k3", b) * torch.sigmoid(conv(f"{block}.PAConv.k2", b))
        b = act(conv(f"{block}.PAConv.k4", gated))
        features = conv(f"{block}.conv3", torch.cat([a, b], 1)) + features
    features = shallow + conv("trunk_conv", features)
    out = features
    for number in (1, 2) if scale == 4 else (1,):
        step = 2 if scale == 4 else scale
        out = conv(f"upconv{number}", out.repeat_interleave(step, 2).repeat_interleave(step, 3))
        out = act(out * torch.sigmoid(conv(f"att{number}.conv", out)))
        out = act(conv(f"HRconv{number}", out))
    image = F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)
    assert torch.allclose(network(x), conv("conv_last", out) + image, atol=1e-6)
    assert torch.allclose(taps["features"], features, atol=1e-6)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="splits its channels into halves: 41 is odd"):
        PAN(channels=41)
    with pytest.raises(ValueError, match="adds the input to the output, but they have 1 and 3"):
        PAN(in_channels=1)
