"""SRDeblurNet: every form at any size, published sizes, and what each form costs."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from mmsrkd.apis.complexity import gmacs
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks import SRDeblurNet, count_parameters, switch_to_deploy
from mmsrkd.models.networks.sr_deblur_net import FORMS

SMALL = {"channels": 4, "num_blocks": 1, "sr_channels": 8, "sr_blocks": 2}


def build(form: str = "all", **kwargs: object) -> SRDeblurNet:
    torch.manual_seed(0)
    network = SRDeblurNet(**SMALL, form=form, **kwargs)  # type: ignore[arg-type]
    nn.init.normal_(network.fit.weight, std=0.05)  # begins at zero, where nothing could be seen
    return network.eval()


def image(height: int = 13, width: int = 18, count: int = 1) -> Tensor:
    torch.manual_seed(1)
    return torch.rand(count, 3, height, width)


def images(out: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (out,) if isinstance(out, Tensor) else out


@pytest.mark.parametrize(
    ("channels", "trained", "deployed"), [(32, 9_044_766, 7_234_326), (16, 3_943_086, 2_132_646)]
)
def test_published_sizes(channels: int, trained: int, deployed: int) -> None:
    """9.04M and 3.94M in the paper; 7.23M and 2.13M merged."""
    with torch.device("meta"):
        network = SRDeblurNet(channels=channels)
        merged = SRDeblurNet(channels=channels, deploy=True)
    assert count_parameters(network, as_published=True) == trained
    assert count_parameters(merged) == deployed
    if channels == 32:
        assert count_parameters(network.deblur) == 6_807_171


@pytest.mark.parametrize("size", [(3, 5), (13, 18), (16, 8), (246 // 6, 310 // 5)])
@torch.no_grad()
def test_every_form_at_any_size(size: tuple[int, int]) -> None:
    network, x = build(), image(*size)
    height, width = size
    quarter, half, deblur, sr = network(x)
    assert quarter.shape == (1, 3, -(-height // 4), -(-width // 4))
    assert half.shape == (1, 3, -(-height // 2), -(-width // 2))
    assert (deblur.shape, sr.shape) == (x.shape, (1, 3, 4 * height, 4 * width))
    named = {"quarter": quarter, "half": half, "deblur": deblur, "sr": sr}
    for form, names in FORMS.items():
        for found, name in zip(images(network(x, form=form)), names, strict=True):
            assert torch.equal(found, named[name])
    assert all(torch.equal(a, b) for a, b in zip(network.train()(x), named.values(), strict=True))


@torch.no_grad()
def test_parts_are_the_networks_they_are_called(tmp_path: Path) -> None:
    network, x = build(), image()
    assert torch.equal(network(x, form="deblur"), network.deblur(x))
    nn.init.zeros_(network.fit.weight)
    assert torch.equal(network(x, form="sr"), network.sr(x))
    other = build(fit_residual=False)
    fused = other.deblur.encode(image(12, 16))[3]
    assert torch.equal(other(image(12, 16), form="sr"), other.sr(other.fit(fused)))


def test_gradient_reaches_every_parameter() -> None:
    network = build().train()
    torch.stack([out.square().mean() for out in network(image())]).sum().backward()
    without = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert without == []


@pytest.mark.parametrize("form", FORMS)
@torch.no_grad()
def test_fused_equals_unfused_and_compiled_equals_eager(form: str) -> None:
    network, x = build(form), image()
    wanted = images(network(x))
    fused = switch_to_deploy(copy.deepcopy(network))
    torch.compiler.reset()
    compiled = torch.compile(fused, fullgraph=True, backend="eager")
    for a, b, c in zip(images(fused(x)), images(compiled(x)), wanted, strict=True):
        assert float((a - c).abs().max() / c.abs().max()) <= 1e-5
        assert torch.equal(a, b)
    halved = images(network.bfloat16()(x.bfloat16()))
    assert all(torch.isfinite(out).all() for out in halved)


class Encoder(nn.Module):
    """What super-resolution shares with deblurring."""

    def __init__(self, network: SRDeblurNet) -> None:
        super().__init__()
        self.deblur = network.deblur

    def forward(self, x: Tensor) -> Tensor:
        return self.deblur.fuse_full(*self.deblur.pyramid(x))


def test_super_resolution_costs_encoder_fusion_and_span() -> None:
    network = switch_to_deploy(build("sr"))
    size = (248, 312)  # a multiple of 4, so that the parts see what the whole pads to
    whole = gmacs(network, output=(4 * 248, 4 * 312))
    encoder, span = gmacs(Encoder(network), output=size), gmacs(network.sr, (4 * 248, 4 * 312))
    fit = 9 * 3 * SMALL["channels"] * 248 * 312 / 1e9
    assert whole == pytest.approx(encoder + fit + span, abs=1e-12)
    network.form = "both"
    assert gmacs(network, output=(4 * 248, 4 * 312)) > whole


@torch.no_grad()
def test_decoder_rests_in_super_resolution() -> None:
    network, ran = build("sr"), []
    for name, module in network.named_modules():
        module.register_forward_hook(lambda *_, name=name: ran.append(name))
    network(image())
    decoder = ("Decoder", "ConvsOut", "Convs", "AFFs.1", "feat_extract.3", "feat_extract.5")
    assert not [name for name in ran if name.startswith(tuple(f"deblur.{d}" for d in decoder))]
    assert len(ran) == len(set(ran))  # so that every tap fires once
    assert {"deblur.Encoder.2", "deblur.AFFs.0", "fit", "sr.block_2"} <= set(ran)


@torch.no_grad()
def test_published_file_builds_the_network_again(tmp_path: Path) -> None:
    network, x = switch_to_deploy(build("both")), image()
    state = dict(network.state_dict())
    config = {"type": "SRDeblurNet", **SMALL, "form": "both", "deploy": True}
    path = write_network(tmp_path / "n.safetensors", state, network_metadata(config, state, {}))
    again = build_published(path)
    assert all(torch.equal(a, b) for a, b in zip(again(x), network(x), strict=True))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"form='deblurr' is not offered; use sr, deblur, both"):
        SRDeblurNet(**SMALL, form="deblurr")  # type: ignore[arg-type]
    network = build()
    with pytest.raises(ValueError, match="form='x4' is not offered"):
        network(image(), form="x4")
    with pytest.raises(ValueError, match="SRDeblurNet needs images of at least 3x3 pixels"):
        network(image(2, 8))
    with pytest.raises(ValueError, match="SRDeblurNet takes images of 3 channels and got 1"):
        network(torch.rand(1, 1, 8, 8))
    with pytest.raises(ValueError, match="SRDeblurNet cannot be built with scale=5"):
        SRDeblurNet(**SMALL, scale=5)  # type: ignore[arg-type]
