from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.apis.image_files import write_png
from mmsrkd.apis.side_by_side import side_by_side
from mmsrkd.apis.upscale import Upscaler, plan
from mmsrkd.apis.upscale_files import upscale_files
from mmsrkd.models.networks import Bicubic

NAMES = ("bicubic", "LGRNet")


@pytest.mark.parametrize("channels", [(), (3,), (4,)], ids=["grey", "RGB", "RGBA"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_first_part_is_where_two_pictures_differ(channels, dtype):
    peak = np.iinfo(dtype).max
    plain = np.zeros((300, 260, *channels), dtype)
    plain[200:210, 150:160] = peak
    better = plain.copy()
    better[200:210, 150:160] = peak // 2
    picture = side_by_side(plain, better, NAMES, 2)
    assert picture.dtype == np.uint8
    height, width = picture.shape[0] // 2, 3 * 96
    above, below = picture[24:height, :width], picture[24 + height :, :width]
    assert (above == 255).all(axis=2).sum() == (3 * 10) ** 2, "all of the square, magnified"
    assert (below == 127).all(axis=2).sum() == (3 * 10) ** 2
    assert (picture[:24] < 128).any(), "a name stands above"


def test_a_picture_smaller_than_a_part_is_shown_whole():
    plain = np.full((7, 9, 3), 10, np.uint8)
    picture = side_by_side(plain, plain + 1, NAMES)
    assert (picture[24 : 24 + 3 * 7, :21] == 10).all()


def test_sizes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"\(4, 4\) and \(8, 8\)"):
        side_by_side(np.zeros((4, 4), np.uint8), np.zeros((8, 8), np.uint8), NAMES)


def test_a_comparison_is_written_beside_the_picture_and_never_over_another(tmp_path: Path):
    source, out = tmp_path / "a.png", tmp_path / "out"
    write_png(source, np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8))
    jobs = plan([source], out, 2, compare=True)
    assert upscale_files(Upscaler(Bicubic(2), tile=16), jobs) == 0
    assert sorted(file.name for file in out.iterdir()) == ["a_x2.png", "a_x2_compare.png"]
    shown = cv2.imread(str(out / "a_x2_compare.png"))
    rows = shown[24 : shown.shape[0] // 2], shown[24 + shown.shape[0] // 2 :]
    assert np.array_equal(*rows), "bicubic is its own rival here"
    (out / "a_x2.png").unlink()
    with pytest.raises(FileExistsError, match=r"a_x2_compare\.png exists.*--force"):
        plan([source], out, 2, compare=True)
    plan([source], out, 2)
