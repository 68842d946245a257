from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.runner import load_checkpoint
from torch import Tensor

from mmsrkd.apis.publish import publish_student
from mmsrkd.checkpoints import CheckpointMismatchError, convert, load_network
from mmsrkd.checkpoints.loader import register
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.students import build_published
from mmsrkd.datasets.colour import rgb_to_y
from mmsrkd.models.networks import ESPCN, FSRCNN, VDSR, Bicubic, LumaOnly
from mmsrkd.registry import MODELS

Y = {"in_channels": 1, "out_channels": 1}
INNER: dict[str, Any] = {"type": "ESPCN", **Y, "channels": 4, "mid_channels": 3, "scale": 2}


def luma(image: Tensor) -> Tensor:
    """Y / 255 of RGB [0, 1], by the function the metrics use."""
    pixels = (image[0] * 255).permute(1, 2, 0).numpy()
    return torch.from_numpy(rgb_to_y(pixels) / 255)[None, None].float()


@torch.no_grad()
def test_luma_goes_through_the_network_and_colour_round_it() -> None:
    torch.manual_seed(0)
    network, x = VDSR(**Y, channels=4, num_layers=2, scale=3), torch.rand(1, 3, 9, 7)
    out = LumaOnly(network)(x)
    assert torch.allclose(luma(out), network(luma(x)), atol=1e-5)
    # Adding the same to R, G and B changes Y alone, so differences of colours are bicubic's.
    bicubic = Bicubic(3)(x)
    assert torch.allclose(out - out[:, :1], bicubic - bicubic[:, :1], atol=1e-5)


@torch.no_grad()
def test_bicubic_through_luma_is_bicubic_to_rounding() -> None:
    network = VDSR(**Y, channels=2, num_layers=2)
    network.features[-1].weight.zero_()
    x = torch.rand(1, 3, 6, 5)
    np.testing.assert_allclose(LumaOnly(network)(x), Bicubic(2)(x), atol=2e-6)


def test_a_colour_network_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"sends one channel, Y.* ESPCN takes 3: build it with"):
        LumaOnly(ESPCN())
    with pytest.raises(ValueError, match="Conv2d has no attribute `scale`"):
        LumaOnly(torch.nn.Conv2d(1, 1, 3))


@torch.no_grad()
def test_mmagics_srcnn_fits_inside() -> None:
    inner = {"type": "SRCNNNet", "channels": (1, 4, 3, 1), "upscale_factor": 3}
    network = MODELS.build({"type": "LumaOnly", "network": inner})
    assert network.scale == 3
    assert network(torch.rand(1, 3, 6, 5)).shape == (1, 3, 18, 15)


@pytest.mark.usefixtures("scope")
def test_a_file_of_the_bare_network_loads(tmp_path: Path) -> None:
    bare = MODELS.build(dict(INNER))
    path = write_network(
        tmp_path / "y.pth", bare.state_dict(), network_metadata(INNER, bare.state_dict(), {})
    )
    config = {"type": "LumaOnly", "network": dict(INNER)}
    network = load_network(MODELS.build(config), path)
    wanted = bare.first_part[0].weight
    assert torch.equal(network.network.first_part[0].weight, wanted)
    model = MODELS.build(
        {"type": "BaseEditModel", "generator": config, "pixel_loss": {"type": "L1Loss"}}
    )
    register()
    load_checkpoint(model, str(path), map_location="cpu", strict=True)
    assert torch.equal(model.generator.network.first_part[0].weight, wanted)
    with pytest.raises(CheckpointMismatchError, match="does not fit LumaOnly"):
        load_network(LumaOnly(FSRCNN(**Y)), path)


@torch.no_grad()
def test_published_file_says_scale_and_colour_and_converts_to_itself(tmp_path: Path) -> None:
    config = {"type": "LumaOnly", "network": {**INNER, "activation": "relu"}}
    trained = MODELS.build(dict(config))
    published = publish_student(dict(trained.state_dict()), config, tmp_path)
    assert published.meta["scale"] == 2
    assert published.meta["input"]["colour"] == "RGB"
    x = torch.rand(1, 3, 6, 6)
    assert torch.equal(build_published(published.pth)(x), trained(x))
    again = convert(published.safetensors)
    network = load_network(MODELS.build(dict(again.network_cfg)), again.state_dict)
    assert torch.equal(network(x), trained(x))
