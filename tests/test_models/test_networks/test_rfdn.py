from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import RFDN


@torch.no_grad()
@pytest.mark.parametrize("stages", [1, 2, 3])
def test_equals_the_equations_written_out(stages: int) -> None:
    network = RFDN(channels=12, num_blocks=2, num_stages=stages, scale=3)
    state, x = network.state_dict(), torch.rand(1, 3, 31, 23)

    def conv(name: str, t: Tensor, padding: int = 1, **kwargs: Any) -> Tensor:
        weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
        return F.conv2d(t, weight, bias, padding=padding, **kwargs)

    def act(t: Tensor) -> Tensor:
        return F.leaky_relu(t, 0.05)

    def esa(prefix: str, t: Tensor) -> Tensor:
        narrow = conv(f"{prefix}.conv1", t, 0)
        deep = F.max_pool2d(conv(f"{prefix}.conv2", narrow, 0, stride=2), 7, 3)
        deep = F.relu(conv(f"{prefix}.conv3", F.relu(conv(f"{prefix}.conv_max", deep))))
        deep = conv(f"{prefix}.conv3_", deep)
        wide = F.interpolate(deep, t.shape[2:], mode="bilinear", align_corners=False)
        gate = conv(f"{prefix}.conv4", wide + conv(f"{prefix}.conv_f", narrow, 0), 0)
        return t * torch.sigmoid(gate)

    shallow = features = conv("fea_conv", x)
    outputs = []
    for block in ("B1", "B2"):
        kept = []
        for stage in range(1, stages + 1):
            kept.append(act(conv(f"{block}.c{stage}_d", features, 0)))
            features = act(conv(f"{block}.c{stage}_r", features) + features)
        kept.append(act(conv(f"{block}.c4", features)))
        features = esa(f"{block}.esa", conv(f"{block}.c5", torch.cat(kept, 1), 0))
        outputs.append(features)  # without the block's input
    fused = act(conv("c.0", torch.cat(outputs, 1), 0))
    wanted = F.pixel_shuffle(conv("upsampler.0", conv("LR_conv", fused) + shallow), 3)
    assert torch.allclose(network(x), wanted, atol=1e-6)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="num_stages=4 is not offered; use 1, 2 or 3"):
        RFDN(num_stages=4)
    with pytest.raises(ValueError, match=r"RFDN needs channels >= 4 .*got 3"):
        RFDN(channels=3)
