from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from torch import nn

from mmsrkd.apis.image_files import read_picture, write_png
from mmsrkd.apis.publish import publish_student
from mmsrkd.apis.tiling import receptive_radius, split
from mmsrkd.apis.upscale import Upscaler, committed_student, plan
from mmsrkd.apis.upscale_files import upscale_files
from mmsrkd.datasets.errors import BrokenImageError
from mmsrkd.models.networks import SPAN, Bicubic, LGRNet, MIMOUNet, SRDeblurNet
from tools.upscale import main

NETWORK = {"type": "LGRNet", "channels": 6, "num_blocks": 2, "scale": 2}


@pytest.fixture(scope="module")
def network() -> LGRNet:
    torch.manual_seed(0)
    return LGRNet(channels=6, num_blocks=2, scale=2).eval()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, network: LGRNet) -> Path:
    folder = tmp_path_factory.mktemp("weights")
    return publish_student(network.state_dict(), NETWORK, folder).safetensors


def picture(height: int, width: int, *channels: int, dtype: type = np.uint8) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, np.iinfo(dtype).max + 1, (height, width, *channels)).astype(dtype)


@pytest.mark.parametrize(
    ("make", "radius"),
    [
        (lambda: LGRNet(channels=6, num_blocks=2), 1 + 2 * 3 + 1 + 1),
        (lambda: LGRNet(preset="T"), 15),
        (lambda: SPAN(channels=6, num_blocks=6), 1 + 6 * 3 + 1 + 1),
        (lambda: Bicubic(2), 2),
    ],
    ids=["lgrnet-2", "lgrnet-T", "span-6", "bicubic"],
)
def test_receptive_radius_is_the_sum_of_the_kernels(make, radius):
    assert receptive_radius(make()) == radius


def test_a_network_that_sees_everything_is_refused():
    class Global(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * x.mean(dim=(2, 3), keepdim=True)

    with pytest.raises(ValueError, match=r"Global looks farther.*--tile 0"):
        receptive_radius(Global())


@given(
    height=st.integers(1, 90), width=st.integers(1, 90),
    tile=st.integers(0, 40), margin=st.integers(0, 20),
)  # fmt: skip
def test_tiles_cover_every_pixel_once_and_see_their_margin(height, width, tile, margin):
    count = np.zeros((height, width), int)
    for part in split(height, width, tile, margin):
        top, bottom, left, right = part.core
        count[top:bottom, left:right] += 1
        assert part.seen[0] == max(top - margin, 0)
        assert part.seen[1] == min(bottom + margin, height)
        assert part.seen[2] == max(left - margin, 0)
        assert part.seen[3] == min(right + margin, width)
    assert (count == 1).all()


@settings(max_examples=10, deadline=None)
@given(height=st.integers(1, 70), width=st.integers(1, 70), tile=st.integers(8, 40))
def test_tiled_equals_whole(network, height, width, tile):
    image = picture(height, width, 3)
    whole = Upscaler(network, tile=0)(image).astype(int)
    upscaler = Upscaler(network, tile=0)
    upscaler.tile, upscaler.margin = tile, 2 * 3 + 3
    assert np.abs(whole - upscaler(image)).max() <= 1


def test_too_small_a_margin_would_show(network):
    image = picture(64, 64, 3)
    upscaler = Upscaler(network, tile=16)
    assert upscaler.margin == 2 * 3 + 3
    whole = Upscaler(network, tile=0)(image).astype(int)
    upscaler.margin = 0
    assert np.abs(whole - upscaler(image)).max() > 1


@pytest.mark.parametrize("tile", [29, 30, 32])
def test_tiles_meet_where_the_cells_of_a_network_do(tile):
    """MIMO-UNet halves its features twice: a tile that begins elsewhere would be cut otherwise."""
    torch.manual_seed(0)
    net = MIMOUNet(channels=4, num_blocks=1).eval()
    for parameter in net.parameters():
        parameter.data.mul_(1.8)
    image = picture(77, 70, 3)
    upscaler = Upscaler(net, tile=tile)
    assert upscaler.tiles(77, 70) > 1
    whole = Upscaler(net, tile=0)(image).astype(int)
    assert np.ptp(whole) > 100
    assert np.abs(whole - upscaler(image)).max() <= 1


@pytest.mark.parametrize(("form", "scale"), [(None, 4), ("deblur", 1)])
def test_a_network_of_several_images_is_asked_for_one(form, scale, tmp_path):
    torch.manual_seed(0)
    sizes = {"channels": 4, "num_blocks": 1, "sr_channels": 8, "sr_blocks": 1}
    net = SRDeblurNet(**sizes).eval()
    config = {"type": "SRDeblurNet", **sizes}
    weights = publish_student(net.state_dict(), config, tmp_path).safetensors
    upscaler = Upscaler.from_file(weights, tile=0, form=form)
    assert upscaler.scale == scale
    assert upscaler(picture(9, 14, 3)).shape == (9 * scale, 14 * scale, 3)


def test_a_form_is_asked_of_a_network_that_has_some(published):
    with pytest.raises(ValueError, match="LGRNet, which makes one image: leave out --form sr"):
        Upscaler.from_file(published, form="sr")


@pytest.mark.parametrize("channels", [(), (3,), (4,)], ids=["grey", "rgb", "rgba"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_kind_of_picture_is_kept(channels, dtype, tmp_path):
    upscaler = Upscaler(Bicubic(2), tile=16)
    image = picture(20, 30, *channels, dtype=dtype)
    path = tmp_path / "picture.png"
    write_png(path, image)
    assert np.array_equal(read_picture(path), image)
    out = upscaler(read_picture(path))
    assert out.dtype == dtype
    assert out.shape == (40, 60, *channels)


def test_grey_is_shown_as_three_equal_channels_and_alpha_apart(network):
    upscaler = Upscaler(network, tile=0)
    grey, alpha = picture(12, 14), picture(12, 14, 1)
    colour = upscaler(np.dstack([grey] * 3)).astype(float)
    assert np.abs(upscaler(grey) - colour @ np.array([0.299, 0.587, 0.114])).max() <= 1
    rgba = upscaler(np.dstack([grey, grey, grey, alpha]))
    assert np.array_equal(rgba[..., :3], colour)
    assert np.array_equal(rgba[..., 3], Upscaler(Bicubic(2), tile=0)(alpha[..., 0]))


def test_sixteen_bits_are_not_thrown_away():
    image = np.linspace(0, 65535, 24 * 24).reshape(24, 24).astype(np.uint16)
    out = Upscaler(Bicubic(2))(image)
    assert len(np.unique(out % 256)) > 100


def test_camera_orientation_is_applied(tmp_path):
    from PIL import Image

    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.fromarray(picture(16, 24, 3)).save(path, exif=exif)
    assert read_picture(path).shape == (24, 16, 3)


def test_unreadable_pictures_are_named(tmp_path):
    broken, floating = tmp_path / "broken.png", tmp_path / "floating.tiff"
    broken.write_bytes(b"not a picture")
    cv2.imwrite(str(floating), np.ones((8, 8), np.float32))
    with pytest.raises(BrokenImageError, match=r"cannot read image .*broken\.png \(13 bytes\)"):
        read_picture(broken)
    with pytest.raises(BrokenImageError, match="float32 pixels; save it with 8 or 16"):
        read_picture(floating)


def test_a_broken_picture_does_not_stop_the_others(network, tmp_path):
    for name in ("a.png", "c.png"):
        write_png(tmp_path / "in" / name, picture(10, 10, 3))
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG")
    said = io.StringIO()
    jobs = plan([tmp_path / "in"], tmp_path / "out", 2)
    failed = upscale_files(Upscaler(network), jobs, Console(file=said, width=500))
    assert failed == 1
    assert "b.png" in said.getvalue()
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a_x2.png", "c_x2.png"]


def test_plan_never_overwrites_silently(tmp_path):
    source, out = tmp_path / "a.png", tmp_path / "out"
    write_png(source, picture(4, 4))
    write_png(out / "a_x2.png", picture(4, 4))
    with pytest.raises(FileExistsError, match=r"a_x2\.png exists.*--force"):
        plan([source], out, 2)
    assert len(plan([source, source], out, 2, force=True)) == 1


def test_plan_refuses_bad_input(tmp_path):
    write_png(tmp_path / "a.png", picture(4, 4))
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "empty").mkdir()
    out = tmp_path / "out"
    with pytest.raises(ValueError, match="would both become"):
        plan([tmp_path], out, 2)
    with pytest.raises(ValueError, match=r"notes\.txt is not a picture"):
        plan([tmp_path / "notes.txt"], out, 2)
    with pytest.raises(FileNotFoundError, match="no picture in folder"):
        plan([tmp_path / "empty"], out, 2)
    with pytest.raises(FileNotFoundError, match="no such image or folder"):
        plan([tmp_path / "gone.png"], out, 2)


def test_default_weights(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no student in .*--weights"):
        committed_student(tmp_path)
    (tmp_path / "rlfn_x2-1.safetensors").touch()
    assert committed_student(tmp_path).name == "rlfn_x2-1.safetensors"
    (tmp_path / "lgrnet_x2-1.safetensors").touch()
    assert committed_student(tmp_path).name == "lgrnet_x2-1.safetensors"
    (tmp_path / "lgrnet_x2-2.safetensors").touch()
    with pytest.raises(ValueError, match=r"2 students.*--weights"):
        committed_student(tmp_path)


def test_tool(published, tmp_path, capsys):
    write_png(tmp_path / "a.png", picture(21, 17, 3))
    command = [str(tmp_path / "a.png"), "-o", str(tmp_path / "out"), "--weights", str(published)]
    assert main(command) == 0
    assert "1 of 1 written" in capsys.readouterr().out
    assert read_picture(tmp_path / "out" / "a_x2.png").shape == (42, 34, 3)
    with pytest.raises(SystemExit):
        main(command)
    assert capsys.readouterr().err.startswith("error: ")
