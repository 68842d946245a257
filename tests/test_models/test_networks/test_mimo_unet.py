from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from mmsrkd.models.networks import MIMOUNet


def by_hand(network: MIMOUNet, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The network for sides that are multiples of 4, resized with F.interpolate throughout."""
    state = network.state_dict()

    def conv(name: str, t: Tensor, relu: bool = True, stride: int = 1) -> Tensor:
        weight, bias = state[f"{name}.main.0.weight"], state[f"{name}.main.0.bias"]
        out = F.conv2d(t, weight, bias, stride=stride, padding=weight.shape[-1] // 2)
        return torch.relu(out) if relu else out

    def up(name: str, t: Tensor) -> Tensor:
        weight, bias = state[f"{name}.main.0.weight"], state[f"{name}.main.0.bias"]
        return torch.relu(F.conv_transpose2d(t, weight, bias, stride=2, padding=1))

    def stage(name: str, t: Tensor) -> Tensor:  # one block a stage
        block = f"{name}.layers.0.main"
        return t + conv(f"{block}.1", conv(f"{block}.0", t), relu=False)

    def shallow(name: str, image: Tensor) -> Tensor:
        h = image
        for number in range(4):
            h = conv(f"{name}.main.{number}", h)
        return conv(f"{name}.conv", torch.cat([image, h], 1), relu=False)

    def attend(name: str, a: Tensor, b: Tensor) -> Tensor:
        return a + conv(f"{name}.merge", a * b, relu=False)

    def fuse(name: str, *features: Tensor) -> Tensor:
        h = conv(f"{name}.conv.0", torch.cat(features, 1))
        return conv(f"{name}.conv.1", h, relu=False)

    def resize(t: Tensor, factor: float) -> Tensor:
        return F.interpolate(t, scale_factor=factor)

    x2, x4 = resize(x, 0.5), resize(x, 0.25)
    e1 = stage("Encoder.0", conv("feat_extract.0", x))
    e2 = attend("FAM2", conv("feat_extract.1", e1, stride=2), shallow("SCM2", x2))
    e2 = stage("Encoder.1", e2)
    e4 = attend("FAM1", conv("feat_extract.2", e2, stride=2), shallow("SCM1", x4))
    e4 = stage("Encoder.2", e4)
    f2 = fuse("AFFs.1", resize(e1, 0.5), e2, resize(e4, 2))
    f1 = fuse("AFFs.0", e1, resize(e2, 2), resize(e4, 4))
    d4 = stage("Decoder.0", e4)
    d2 = conv("Convs.0", torch.cat([up("feat_extract.3", d4), f2], 1))
    d2 = stage("Decoder.1", d2)
    d1 = conv("Convs.1", torch.cat([up("feat_extract.4", d2), f1], 1))
    d1 = stage("Decoder.2", d1)
    return (
        conv("ConvsOut.0", d4, relu=False) + x4,
        conv("ConvsOut.1", d2, relu=False) + x2,
        conv("feat_extract.5", d1, relu=False) + x,
    )


@torch.no_grad()
def test_network_equals_its_equation() -> None:
    network, x = MIMOUNet(channels=4, num_blocks=1).train(), torch.rand(1, 3, 12, 16)
    for found, wanted in zip(network(x), by_hand(network, x), strict=True):
        assert torch.allclose(found, wanted, atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize("size", [(12, 16), (3, 5), (13, 18), (15, 3)])
def test_any_size_is_reflected_and_cropped(size: tuple[int, int]) -> None:
    network, x = MIMOUNet(channels=4, num_blocks=1), torch.rand(1, 3, *size)
    height, width = size
    quarter, half, full = network.train()(x)
    assert quarter.shape[2:] == (-(-height // 4), -(-width // 4))
    assert half.shape[2:] == (-(-height // 2), -(-width // 2))
    assert torch.equal(network.eval()(x), full)
    padded = F.pad(x, (0, -width % 4, 0, -height % 4), mode="reflect")
    assert torch.equal(full, network(padded)[:, :, :height, :width])


@torch.no_grad()
def test_plus_drops_channels_of_the_fused_features_while_training_only() -> None:
    plain, plus = (MIMOUNet(channels=16, num_blocks=1, plus=plus) for plus in (False, True))
    plus.load_state_dict(plain.state_dict())  # drop-out has no weights
    x = torch.rand(1, 3, 8, 8)
    assert torch.equal(plus.eval()(x), plain.eval()(x))
    torch.manual_seed(0)
    trained, wanted = plus.train().encode(x), plain.encode(x)
    for found, one in zip(trained[:3], wanted[:3], strict=True):
        assert torch.equal(found, one)
    dropped = 0
    for found, one in zip(trained[3:], wanted[3:], strict=True):
        gone = (found == 0).all(dim=(2, 3), keepdim=True)
        assert torch.allclose(found, torch.where(gone, 0, one / 0.9), atol=1e-6)
        dropped += int(gone.sum())
    assert 0 < dropped < 24


@torch.no_grad()
def test_encode_is_what_the_decoder_goes_on_with() -> None:
    network, x = MIMOUNet(channels=4, num_blocks=1).eval(), torch.rand(1, 3, 8, 12)
    full, half, quarter, fused_full, fused_half = network.encode(x)
    shapes = [(4, 8, 12), (8, 4, 6), (16, 2, 3), (4, 8, 12), (8, 4, 6)]
    found = (full, half, quarter, fused_full, fused_half)
    assert [tuple(t.shape[1:]) for t in found] == shapes


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match=r"channels to be even .* got 5"):
        MIMOUNet(channels=5)
    with pytest.raises(ValueError, match="have 3 and 1 channels"):
        MIMOUNet(out_channels=1)
    with pytest.raises(ValueError, match="num_blocks >= 1, got 32 and 0"):
        MIMOUNet(num_blocks=0)
