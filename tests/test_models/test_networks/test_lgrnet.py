from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks import LGRNet, count_parameters


@pytest.mark.parametrize(
    ("preset", "scale", "count"),
    [
        ("T", 2, 70_980),
        ("S", 2, 124_588),
        ("base", 2, 180_076),
        ("base", 3, 184_411),
        ("base", 4, 190_480),
        ("L", 2, 401_436),
    ],
)
def test_parameter_counts(preset: str, scale: int, count: int) -> None:
    with torch.device("meta"):
        assert count_parameters(LGRNet(preset=preset, scale=scale)) == count


def test_explicit_arguments_override_the_preset() -> None:
    network = LGRNet(preset="T", num_blocks=2)
    assert (network.channels, network.num_blocks) == (24, 2)


@torch.no_grad()
@pytest.mark.parametrize("attention", ["sigmoid", "hardsigmoid", "none"])
@pytest.mark.parametrize("local", [True, False])
def test_block_equals_its_equation(attention: str, local: bool) -> None:
    network = LGRNet(channels=6, num_blocks=1, attention=attention, local_residual=local)
    state, x = network.body[0].state_dict(), torch.randn(1, 6, 7, 5)

    def conv(name: str, t: Tensor) -> Tensor:
        return F.conv2d(t, state[f"{name}.weight"], state[f"{name}.bias"], padding=1)

    h = conv("conv3", F.leaky_relu(conv("conv2", F.leaky_relu(conv("conv1", x), 0.1)), 0.1))
    u = h + x if local else h
    wanted = {
        "sigmoid": u * (torch.sigmoid(h) - 0.5),
        "hardsigmoid": u * (torch.clamp(h / 6 + 0.5, 0, 1) - 0.5),
        "none": F.leaky_relu(u, 0.1),
    }[attention]
    assert torch.allclose(network.body[0](x), wanted, atol=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("kind", ["add", "concat", "image", "none"])
def test_global_residual(kind: str) -> None:
    network, x = LGRNet(channels=6, num_blocks=2, global_residual=kind), torch.rand(1, 3, 7, 5)
    taps: dict[str, Tensor] = {}
    network.upsampler.register_forward_pre_hook(lambda m, args: taps.update(g=args[0]))
    out = network(x)
    shallow = network.head(x)
    deep = network.tail(network.body(shallow))
    wanted = {
        "add": lambda: deep + shallow,
        "concat": lambda: network.fuse(torch.cat([deep, shallow], 1)),
        "image": lambda: deep,
        "none": lambda: deep,
    }[kind]()
    assert torch.equal(taps["g"], wanted)
    image = x.repeat_interleave(2, 2).repeat_interleave(2, 3) if kind == "image" else 0
    assert torch.allclose(out, network.upsampler(wanted) + image, atol=1e-6)


def test_prelu_slopes_are_per_channel_and_start_at_the_slope() -> None:
    network = LGRNet(channels=6, num_blocks=1, activation="prelu", negative_slope=0.2)
    slopes = [module.weight for module in network.modules() if isinstance(module, nn.PReLU)]
    assert len(slopes) == 4
    assert all(torch.equal(slope, torch.full((6,), 0.2)) for slope in slopes)


def test_nothing_works_in_place() -> None:
    for activation in ("lrelu", "prelu", "silu"):
        network = LGRNet(channels=4, num_blocks=1, activation=activation)
        assert not any(getattr(module, "inplace", False) for module in network.modules())


@torch.no_grad()
def test_range_and_mean_cancel_for_a_copying_network() -> None:
    plain = LGRNet(channels=4, num_blocks=1, global_residual="image")
    shifted = LGRNet(
        channels=4, num_blocks=1, global_residual="image", mean=[0.4, 0.5, 0.6], img_range=255.0
    )
    for network in (plain, shifted):
        for parameter in network.upsampler.parameters():
            nn.init.zeros_(parameter)
    x = torch.rand(1, 3, 4, 4)
    assert torch.allclose(plain(x), shifted(x), atol=1e-6)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"preset": "XL"}, "preset='XL' is not offered; use T, S, base, L"),
        ({"activation": "relu"}, "activation='relu' is not offered; use lrelu, prelu, silu"),
        ({"attention": "softmax"}, "use sigmoid, hardsigmoid, none"),
        ({"global_residual": True}, "use add, concat, image, none"),
        ({"channels": 0}, "channels >= 1"),
        ({"mean": [0.5]}, "mean has 1 values for 3 input and 3 output channels"),
        ({"out_channels": 1, "global_residual": "image"}, "have 3 and 1 channels"),
    ],
)
def test_bad_arguments_are_explained(kwargs: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LGRNet(**kwargs)
