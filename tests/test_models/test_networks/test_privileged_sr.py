from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.models.networks import CompactEncoder, PrivilegedSR, count_parameters, discretise
from mmsrkd.models.networks.blocks.colour import TO_YCBCR, mix_channels
from mmsrkd.registry import MODELS

RLFN: dict[str, Any] = {"type": "RLFN", "channels": 6, "num_blocks": 1, "esa_channels": 3}


def test_encoder_is_pisrs_in_colour() -> None:
    assert count_parameters(CompactEncoder()) == 89_102
    network, hr = (
        CompactEncoder(scale=3, channels=5, mid_channels=4, skip="none"),
        torch.rand(2, 3, 12, 18),
    )
    weights = dict(network.named_parameters())
    x = hr
    for index, settings in ((0, {"padding": 2}), (2, {"padding": 2, "stride": 3})):
        x = F.conv2d(x, weights[f"body.{index}.weight"], weights[f"body.{index}.bias"], **settings)
        x = F.prelu(x, weights[f"body.{index + 1}.weight"])
    x = F.conv2d(x, weights["body.4.weight"], weights["body.4.bias"], padding=1)
    x = F.prelu(x, weights["body.5.weight"])
    x = F.conv2d(x, weights["body.6.weight"], weights["body.6.bias"], padding=1)
    assert x.shape == (2, 3, 4, 6)
    assert torch.allclose(network(hr), x, atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_skip_is_the_low_resolution_image(scale: int) -> None:
    network, hr = CompactEncoder(scale=scale, channels=4), torch.rand(1, 3, 48, 36)
    torch.nn.init.zeros_(network.body[-1].weight)
    torch.nn.init.zeros_(network.body[-1].bias)
    lr = matlab_resize(hr[0].permute(1, 2, 0).double().numpy(), scale=1 / scale)
    found = network(hr)[0].permute(1, 2, 0).detach()
    inside = slice(2, -2), slice(2, -2)  # at the border, MATLAB mirrors and PyTorch renormalises
    assert torch.allclose(found[inside], torch.from_numpy(lr).float()[inside], atol=1e-5)
    network.skip = "mean"
    assert torch.allclose(network(hr), F.avg_pool2d(hr, scale), atol=1e-6)


@pytest.mark.parametrize("skip", ["none", "bicubic"])
def test_luma_alone_is_encoded(skip: str) -> None:
    """Y of the features is PISR's encoder on Y; their colours are those of the small image."""
    assert count_parameters(CompactEncoder(luma=True)) == 86_084
    network, hr = CompactEncoder(channels=4, skip=skip, luma=True), torch.rand(2, 3, 12, 10)
    ycbcr = mix_channels(hr, TO_YCBCR)
    small = F.interpolate(ycbcr, size=[6, 5], mode="bicubic", antialias=True)
    expected = network.body(ycbcr[:, :1]) + (small[:, :1] if skip == "bicubic" else 0)
    found = mix_channels(network(hr), TO_YCBCR)
    assert torch.allclose(found[:, :1], expected, atol=1e-5)
    assert torch.allclose(found[:, 1:], small[:, 1:], atol=1e-5)


def test_discretised_values_and_straight_through_gradient() -> None:
    x = torch.tensor([-0.3, 0.0, 0.4999 / 255, 0.51 / 255, 0.6, 1.0, 7.0], requires_grad=True)
    q = discretise(x)
    assert torch.equal(q.detach() * 255, torch.tensor([0.0, 0, 0, 1, 153, 255, 255]))
    for sign, outwards in ((1.0, x < 0), (-1.0, x > 1)):
        (gradient,) = torch.autograd.grad((sign * q).sum(), x, retain_graph=True)
        # outside [0, 1] and between the levels alike, unless a step would lead further out
        assert torch.equal(gradient, torch.where(outwards, 0.0, sign))


def test_grid_is_exact_in_half_precision() -> None:
    x = torch.rand(1000).bfloat16().requires_grad_()
    q = discretise(x)
    assert torch.equal(q.detach() * 255, (q.detach() * 255).round())
    q.sum().backward()
    assert torch.equal(x.grad, torch.ones_like(x))


def test_straight_through_is_the_gradient_of_the_identity() -> None:
    """The gradient behind `discretise` is that of a function without it, at the rounded point."""
    x = torch.randn(5, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad((discretise(x) ** 3).sum(), x)
    rounded = discretise(x.detach()).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: t**3, rounded)
    (wanted,) = torch.autograd.grad((rounded**3).sum(), rounded)
    assert torch.equal(found, wanted)


@pytest.mark.parametrize("discrete", [True, False])
def test_decoder_is_fed_the_compact_features(discrete: bool) -> None:
    network = PrivilegedSR(RLFN, {"channels": 4, "mid_channels": 4}, discretise=discrete)
    hr = torch.rand(1, 3, 32, 34)
    compact = network.encoder(hr)
    if discrete:
        compact = (compact.clamp(0, 1) * 255).round() / 255
    assert compact.shape == (1, 3, 16, 17)
    assert torch.equal(network(hr), network.decoder(compact))
    network(hr).mean().backward()
    assert all(p.grad is not None for p in network.parameters())


def test_what_cannot_be_built_or_fed() -> None:
    with pytest.raises(ValueError, match=r"scale=2\) has a decoder for x3: give both the same"):
        PrivilegedSR({**RLFN, "scale": 3})
    with pytest.raises(ValueError, match="multiples of 2 and got 33x32"):
        PrivilegedSR(RLFN)(torch.rand(1, 3, 33, 32))
    with pytest.raises(ValueError, match="3 and 1 channels: use skip='none'"):
        CompactEncoder(out_channels=1)
    with pytest.raises(ValueError, match="leave in_channels and out_channels at 3"):
        CompactEncoder(out_channels=1, skip="none", luma=True)
    with pytest.raises(ValueError, match="skip='stride' is not offered; use bicubic, mean, none"):
        MODELS.build({"type": "PrivilegedSR", "decoder": RLFN, "encoder": {"skip": "stride"}})
