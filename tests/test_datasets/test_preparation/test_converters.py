"""GoPro, VGTSR and Urban100 out of the folders they are published in."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets import BenchmarkDataset, PairedSRDataset
from mmsrkd.datasets.errors import DataError, MissingDataError, SizeMismatchError
from mmsrkd.datasets.preparation.gopro import find_gopro, prepare_gopro
from mmsrkd.datasets.preparation.urban100 import find_urban100, prepare_urban100
from mmsrkd.datasets.preparation.vgtsr import find_vgtsr, prepare_vgtsr
from tests.test_datasets.conftest import write_image


def write_gopro(root: Path) -> Path:
    for split, sequence in (("train", "GOPR1"), ("train", "GOPR2"), ("test", "GOPR3")):
        for number, kind in enumerate(("blur", "blur_gamma", "sharp")):
            write_image(root / split / sequence / kind / "000001.png", 32, 40, seed=number)
    return root


@pytest.mark.usefixtures("scope")
def test_gopro_is_what_its_config_looks_for(tmp_path: Path) -> None:
    source, out = write_gopro(tmp_path / "GOPRO_Large"), tmp_path / "data/deblur/GoPro"
    manifest = prepare_gopro(find_gopro(source, out), out)
    assert manifest["pairs"] == {"test": 1, "train": 2}
    assert prepare_gopro(find_gopro(source, out), out) == manifest
    dataset = PairedSRDataset(
        scale=1,
        data_root=str(tmp_path / "data"),
        gt_folder="deblur/GoPro/train/sharp",
        img_folder="deblur/GoPro/train/blur",
        recursive=True,
        lr_patch=16,
    )
    assert len(dataset) == 2
    copied = (out / "train/blur/GOPR1/000001.png").read_bytes()
    assert copied == (source / "train/GOPR1/blur/000001.png").read_bytes()


def test_gopro_of_the_other_blur_goes_elsewhere(tmp_path: Path) -> None:
    source, out = write_gopro(tmp_path / "GOPRO_Large"), tmp_path / "out"
    prepare_gopro(find_gopro(source, out), out)
    with pytest.raises(DataError, match=r"begun with blur=blur \(now blur_gamma\)"):
        prepare_gopro(find_gopro(source, out, gamma=True), out)


def test_gopro_pairs_that_are_none(tmp_path: Path) -> None:
    source, out = write_gopro(tmp_path / "GOPRO_Large"), tmp_path / "out"
    sharp = source / "train/GOPR2/sharp/000001.png"
    write_image(sharp, 30, 40)
    message = r"size mismatch: blurred .*GOPR2/blur/000001.png is 32x40 .*sharp/000001.png is 30x40"
    with pytest.raises(SizeMismatchError, match=message):
        prepare_gopro(find_gopro(source, out), out)
    sharp.unlink()
    with pytest.raises(MissingDataError, match=r"has no sharp partner .*GOPR2/sharp/000001.png"):
        find_gopro(source, out)
    with pytest.raises(MissingDataError, match=r"no blur images in .*nowhere/train; unpack GOPRO"):
        find_gopro(tmp_path / "nowhere", out)


def test_vgtsr_gives_blurred_pairs_and_a_test_set(tmp_path: Path) -> None:
    for split, count in (("train", 2), ("test", 1)):
        for number in range(count):
            grey = np.random.default_rng(number).integers(7000, 9551, (48, 64), dtype=np.uint16)
            path = tmp_path / f"VGTSR/{split}/HR/{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), grey)
    splits = find_vgtsr(tmp_path / "VGTSR", {"train": "train/HR", "test": "test/HR"})
    root = tmp_path / "data"
    made = prepare_vgtsr(splits, root, range_16bit=(7000, 9550))
    assert {split: len(m["kernels"]) for split, m in made.items()} == {"train": 2, "test": 1}
    sample = BenchmarkDataset(data_root=str(root), name="VGTSR", scale=4)[0]
    assert sample["inputs"].shape == (3, 12, 16)
    assert sample["data_samples"].gt_is_grey
    pair = [cv2.imread(str(root / f"deblur/VGTDB/test/{kind}/0.png"), -1) for kind in
            ("blur", "sharp")]  # fmt: skip
    assert pair[0].shape == pair[1].shape == (48, 64)
    assert pair[0].std() < pair[1].std()
    with pytest.raises(MissingDataError, match=r"no images in .*/none; name the folder .*--train"):
        find_vgtsr(tmp_path / "VGTSR", {"train": "none"})


def test_urban100_under_both_names(tmp_path: Path) -> None:
    write_image(tmp_path / "a/img_001_SRF_4_HR.png", 16, 20)
    write_image(tmp_path / "a/img_001_SRF_4_LR.png", 4, 5)
    write_image(tmp_path / "b/img_001.png", 16, 20)
    for folder in ("a", "b"):
        images = find_urban100(tmp_path / folder)
        assert list(images) == ["img_001"]
        manifest = prepare_urban100(images, tmp_path / f"data_{folder}")
        assert manifest["files"][0]["file"] == "HR/img_001.png"
    write_image(tmp_path / "c/0001.png", 16, 20)
    with pytest.raises(MissingDataError, match=r"no Urban100 image in .*/c \(1 images of other"):
        find_urban100(tmp_path / "c")
