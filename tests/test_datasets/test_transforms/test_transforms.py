from __future__ import annotations

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.errors import (
    BrokenImageError,
    ImageTooSmallError,
    MissingDataError,
    SizeMismatchError,
)
from mmsrkd.datasets.resize import matlab_resize
from mmsrkd.datasets.transforms import (
    CheckPair,
    GenerateLR,
    LoadCheckedImage,
    PairedPatchCrop,
    RGBToY,
)
from tests.test_datasets.conftest import write_image


@pytest.fixture
def loaded(tmp_path) -> dict:
    path = write_image(tmp_path / "a.png", 25, 31)
    return LoadCheckedImage("gt")({"gt_path": str(path), "scale": 2})


def test_loading_is_rgb_and_cached_read_only(tmp_path):
    path = tmp_path / "blue.png"
    cv2.imwrite(str(path), np.full((4, 4, 3), (255, 0, 0), np.uint8))
    load = LoadCheckedImage("gt", cache_mb=1)
    first, second = (load({"gt_path": str(path)}) for _ in range(2))
    assert first["gt"][0, 0].tolist() == [0, 0, 255]
    assert first["gt_channel_order"] == "rgb"
    assert second["gt"] is first["gt"]
    assert not first["gt"].flags.writeable


@pytest.mark.parametrize("content", [b"", b"hello", None])
def test_unreadable_files_are_named(tmp_path, content):
    path = tmp_path / "bad.png"
    if content is None:
        whole = write_image(path, 40, 40).read_bytes()
        content = whole[: len(whole) // 2]
    path.write_bytes(content)
    with pytest.raises(BrokenImageError, match=rf"bad\.png.*{len(content)} bytes"):
        LoadCheckedImage("gt")({"gt_path": str(path)})
    with pytest.raises(MissingDataError, match=r"gone\.png"):
        LoadCheckedImage("gt")({"gt_path": str(tmp_path / "gone.png")})


def test_generate_lr(loaded):
    results = GenerateLR()(dict(loaded))
    assert results["gt"].shape == (24, 30, 3)
    assert np.array_equal(results["img"], matlab_resize(results["gt"], scale=0.5))
    real = GenerateLR(scale=3, rounding=None)(dict(loaded))
    assert real["img"].dtype == np.float32
    assert (real["img"].shape, real["scale"]) == ((8, 10, 3), 3)
    expected = matlab_resize(real["gt"].astype(float), scale=1 / 3)
    assert np.allclose(real["img"], expected, atol=1e-4)


def test_generate_lr_cache_gives_the_same_and_refuses_crops(loaded):
    cached = GenerateLR(cache_mb=1)
    first, second = cached(dict(loaded)), cached(dict(loaded))
    assert second["img"] is first["img"]
    assert np.array_equal(first["img"], GenerateLR()(dict(loaded))["img"])
    with pytest.raises(ValueError, match=r"a\.png was cropped .* before the crop or set cache_mb"):
        cached({**loaded, "gt": loaded["gt"][:8]})


def test_generate_lr_bad_settings(loaded):
    with pytest.raises(ValueError, match="'int8'"):
        GenerateLR(rounding="int8")
    with pytest.raises(ValueError, match="no scale"):
        GenerateLR()({**loaded, "scale": None})


def test_patches_are_aligned_copies(loaded):
    rng = np.random.default_rng(0)
    lr = rng.integers(0, 256, (12, 15, 3), dtype=np.uint8)
    hr = lr.repeat(2, axis=0).repeat(2, axis=1)
    for _ in range(20):
        results = PairedPatchCrop(5)({"img": lr, "gt": hr, "scale": 2})
        assert results["img"].shape == (5, 5, 3)
        assert np.array_equal(results["img"].repeat(2, axis=0).repeat(2, axis=1), results["gt"])
        assert not np.shares_memory(results["gt"], hr)


def test_too_small_image_is_named(loaded):
    results = GenerateLR()(dict(loaded))
    assert PairedPatchCrop(12)(dict(results))["gt"].shape == (24, 24, 3)
    with pytest.raises(ImageTooSmallError) as caught:
        PairedPatchCrop(13)(results)
    for part in ("a.png", "24x30", "13x13", "x2", "26x26", "lr_patch"):
        assert part in str(caught.value)


def test_mismatch_is_found_without_a_crop_too(loaded):
    results = GenerateLR()(dict(loaded))
    assert CheckPair()(dict(results))["img"] is results["img"]
    with pytest.raises(SizeMismatchError, match=r"LR .*a\.png is 12x14 .* x2 needs 24x28"):
        CheckPair()({**results, "img": results["img"][:, :-1]})


def test_rgb_to_y_rounds_and_keeps_grey_files(loaded):
    y = RGBToY()(dict(loaded))
    assert (y["gt"].shape, y["gt"].dtype) == ((25, 31, 1), np.uint8)
    assert y["gt_color_type"] == "grayscale"
    grey = {**loaded, "gt": np.full((2, 2, 3), 200, np.uint8), "gt_is_grey": True}
    assert (RGBToY()(grey)["gt"] == 200).all()
