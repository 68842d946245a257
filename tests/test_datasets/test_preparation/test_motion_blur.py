from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.errors import DataError
from mmsrkd.datasets.motion_blur import BlurSettings, blur
from mmsrkd.datasets.preparation.motion_blur import prepare_motion_blur
from mmsrkd.datasets.transforms import RandomMotionBlur
from tests.test_datasets.conftest import write_image


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    names = [f"seq{number % 2}/{number}" for number in range(3)]
    return {n: write_image(tmp_path / "in" / f"{n}.png", 40, 48, i) for i, n in enumerate(names)}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.png")}


def test_kernels_saved_are_those_used_and_follow_from_the_name(
    sources: dict[str, Path], tmp_path: Path
) -> None:
    manifest = prepare_motion_blur(sources, tmp_path / "out")
    kernels = np.load(tmp_path / "out/kernels.npz")
    for name, source in sources.items():
        expected = blur(cv2.imread(str(source)), kernels[f"blur/{name}"])
        assert np.array_equal(cv2.imread(str(tmp_path / f"out/blur/{name}.png")), expected)
    assert [entry["name"] for entry in manifest["kernels"]] == sorted(sources)
    assert len(manifest["files"]) == 6
    alone = {"seq1/1": sources["seq1/1"]}
    prepare_motion_blur(alone, tmp_path / "alone")
    assert (
        contents(tmp_path / "alone")["blur/seq1/1.png"]
        == contents(tmp_path / "out")["blur/seq1/1.png"]
    )


def test_goes_on_and_refuses_other_settings(sources: dict[str, Path], tmp_path: Path) -> None:
    whole = prepare_motion_blur(sources, tmp_path / "out", workers=1)
    before = contents(tmp_path / "out")
    (tmp_path / "out/blur/seq0/2.png").unlink()
    kept = tmp_path / "out/blur/seq0/0.png"
    time = kept.stat().st_mtime_ns
    assert prepare_motion_blur(sources, tmp_path / "out") == whole
    assert contents(tmp_path / "out") == before
    assert kept.stat().st_mtime_ns == time
    with pytest.raises(DataError, match=r"begun with longest=31 \(now 15\); use the same settings"):
        prepare_motion_blur(sources, tmp_path / "out", BlurSettings(longest=15))


def test_a_set_on_disk_is_the_one_that_is_blurred_while_it_is_read(
    sources: dict[str, Path], tmp_path: Path
) -> None:
    prepare_motion_blur(sources, tmp_path / "out", BlurSettings(noise_sigma=2), seed=3)
    transform = RandomMotionBlur(file_seed=3, noise_sigma=2)
    for name, source in sources.items():
        read = transform.transform({"img": cv2.imread(str(source)), "gt_path": str(source)})["img"]
        assert np.array_equal(read, cv2.imread(str(tmp_path / f"out/blur/{name}.png")))


def test_raw_thermal_images(tmp_path: Path) -> None:
    raw = np.full((20, 24), 7100, np.uint16)
    raw[5:10, 5:10] = 9550
    cv2.imwrite(str(tmp_path / "raw.png"), raw)
    with pytest.raises(DataError, match=r"raw.png uses only 7100..9550 .* --range-16bit LOW HIGH"):
        prepare_motion_blur({"raw": tmp_path / "raw.png"}, tmp_path / "o")
    prepare_motion_blur({"raw": tmp_path / "raw.png"}, tmp_path / "o", range_16bit=(7000, 9550))
    sharp = cv2.imread(str(tmp_path / "o/sharp/raw.png"), cv2.IMREAD_UNCHANGED)
    assert sharp.shape == (20, 24)
    assert set(np.unique(sharp)) == {10, 255}
