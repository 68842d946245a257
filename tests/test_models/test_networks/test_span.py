from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import SPAN, count_parameters


@pytest.mark.parametrize(
    ("channels", "scale", "train", "deploy"),
    [
        (48, 2, 2_221_140, 410_700),
        (48, 3, 2_227_635, 417_195),
        (48, 4, 2_236_728, 426_288),
        (52, 2, 2_605_080, 481_324),
        (52, 3, 2_612_115, 488_359),
        (52, 4, 2_621_964, 498_208),
    ],
)
def test_published_parameter_counts(channels: int, scale: int, train: int, deploy: int) -> None:
    with torch.device("meta"):
        network = SPAN(channels=channels, scale=scale)
        merged = SPAN(channels=channels, scale=scale, deploy=True)
    assert count_parameters(network, as_published=True) == train
    assert count_parameters(merged) == deploy


@torch.no_grad()
def test_equals_the_equations_written_out() -> None:
    network = SPAN(channels=6, scale=2, deploy=True).eval()
    state, x = network.state_dict(), torch.rand(1, 3, 9, 8)

    def conv(name: str, t: Tensor, padding: int = 1) -> Tensor:
        return F.conv2d(t, state[f"{name}.weight"], state[f"{name}.bias"], padding=padding)

    h = (x - torch.tensor([0.4488, 0.4371, 0.4040]).view(1, 3, 1, 1)) * 255
    shallow = features = conv("conv_1.eval_conv", h)
    outputs, firsts = [], []
    for k in range(1, 7):
        first = F.silu(conv(f"block_{k}.c1_r.eval_conv", features))
        second = F.silu(conv(f"block_{k}.c2_r.eval_conv", first))
        third = conv(f"block_{k}.c3_r.eval_conv", second)
        features = (third + features) * (torch.sigmoid(third) - 0.5)
        outputs.append(features)
        firsts.append(first)
    deep = conv("conv_2.eval_conv", features)
    joined = conv("conv_cat", torch.cat([shallow, deep, outputs[0], firsts[-1]], 1), 0)
    wanted = F.pixel_shuffle(conv("upsampler.0", joined), 2)
    assert torch.allclose(network(x), wanted, rtol=1e-5, atol=1e-4)


@torch.no_grad()
def test_every_block_can_be_tapped_once_as_a_plain_tensor() -> None:
    network, seen = SPAN(channels=6, deploy=True), []
    for k in range(1, 7):
        block = network.get_submodule(f"block_{k}")
        block.register_forward_hook(lambda module, args, out: seen.append((module, args[0], out)))
    network(torch.rand(1, 3, 8, 8))
    assert len(seen) == 6
    for module, inputs, out in list(seen):
        assert torch.equal(out, module(inputs))


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="mean has 2 values for 3 input channels"):
        SPAN(mean=(0.1, 0.2))
    with pytest.raises(ValueError, match="num_blocks >= 1, got 48 and 0"):
        SPAN(num_blocks=0)
