from __future__ import annotations

import hashlib
import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmsrkd.datasets import matlab_resize, modcrop
from mmsrkd.datasets.errors import DataError, MissingDataError
from mmsrkd.datasets.preparation import patches
from mmsrkd.datasets.preparation.div2k_lsdir import find_div2k_lsdir
from mmsrkd.datasets.preparation.patches import PatchSettings, patch_corners, prepare_patches
from tests.test_datasets.conftest import write_image

SETTINGS = PatchSettings(size=26, scales=(2, 3))


@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from([(2,), (2, 3), (2, 3, 4)]))
def test_corners_fit_every_scale_and_cover_the_image(height, width, scales):
    settings = PatchSettings(size=64, scales=scales)
    corners = list(patch_corners(height, width, settings))
    assert bool(corners) == (min(height, width) >= 64)
    for y, x in corners:
        assert y % settings.step == x % settings.step == 0
        assert y + 64 <= height
        assert x + 64 <= width
    if corners:
        covered = np.zeros((height, width), bool)
        for y, x in corners:
            covered[y : y + 64, x : x + 64] = True
        reach = height - (height - 64) % settings.step, width - (width - 64) % settings.step
        assert covered[: reach[0], : reach[1]].all()


@pytest.fixture
def sources(tmp_path):
    return {
        "A/one": write_image(tmp_path / "in/one.png", 60, 71, seed=1),
        "B/0/two": write_image(tmp_path / "in/two.png", 40, 26, seed=2),
        "B/0/tiny": write_image(tmp_path / "in/tiny.png", 25, 90, seed=3),
    }


def test_patches_are_cut_from_the_lr_of_the_whole_image(sources, tmp_path):
    manifest = prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    image = cv2.imread(str(sources["A/one"]))
    corners = list(patch_corners(60, 71, SETTINGS))
    for number, (y, x) in enumerate(corners, start=1):
        hr = cv2.imread(str(tmp_path / f"out/HR/A/one_s{number:03d}.png"))
        assert np.array_equal(hr, image[y : y + 26, x : x + 26])
        lr = cv2.imread(str(tmp_path / f"out/LR_bicubic/X3/A/one_s{number:03d}.png"))
        whole = matlab_resize(modcrop(image, 3), 1 / 3)
        assert np.array_equal(lr, whole[y // 3 : y // 3 + 8, x // 3 : x // 3 + 8])
    assert manifest["images"] == 2
    assert manifest["skipped"] == [{"source": "B/0/tiny", "reason": "25x90 is smaller than 26x26"}]
    for entry in manifest["files"]:
        data = (tmp_path / "out" / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert json.loads((tmp_path / "out/manifest.json").read_text()) == manifest


def test_an_interrupted_run_goes_on_and_ends_the_same(sources, tmp_path, monkeypatch):
    whole = prepare_patches(sources, tmp_path / "whole", SETTINGS, workers=0)
    done = []
    real = patches.cut_patches

    def die_at_second(job):
        if len(done) == 1:
            raise KeyboardInterrupt
        done.append(job.name)
        return real(job)

    monkeypatch.setattr(patches, "cut_patches", die_at_second)
    with pytest.raises(KeyboardInterrupt):
        prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    with (tmp_path / "out/progress.jsonl").open("a") as journal:
        journal.write('{"source": "B/0/two", "fil')  # cut off while being written
    assert not (tmp_path / "out/manifest.json").exists()
    again = []
    monkeypatch.setattr(patches, "cut_patches", lambda job: again.append(job.name) or real(job))
    assert prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0) == whole
    assert again == ["B/0/two", "B/0/tiny"]
    (tmp_path / "out/HR/A/one_s002.png").unlink()
    again.clear()
    assert prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0) == whole
    assert "A/one" in again
    assert "B/0/two" not in again


def test_an_interruption_before_the_first_image_is_harmless(sources, tmp_path, monkeypatch):
    def die(job):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(patches, "cut_patches", die)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    assert prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)["images"] == 2


def test_parallel_equals_serial(sources, tmp_path):
    """Also where OpenCV's own threads have worked before: forked processes hung there."""
    cv2.GaussianBlur(np.zeros((2000, 2000, 3), np.uint8), (5, 5), 1)
    serial = prepare_patches(sources, tmp_path / "a", SETTINGS, workers=0)
    assert prepare_patches(sources, tmp_path / "b", SETTINGS, workers=2) == serial


def test_other_settings_are_refused(sources, tmp_path):
    prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    with pytest.raises(DataError, match="was begun with"):
        prepare_patches(sources, tmp_path / "out", PatchSettings(26, (2,)), workers=0)


def test_broken_source_is_reported_and_tried_again(sources, tmp_path):
    good = sources["A/one"].read_bytes()
    sources["A/one"].write_bytes(good[:500])
    first = prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    assert {"source": "A/one", "reason": "unreadable"} in first["skipped"]
    sources["A/one"].write_bytes(good)
    second = prepare_patches(sources, tmp_path / "out", SETTINGS, workers=0)
    assert second["images"] == 2


def test_wrong_tree_shows_the_expected_one(tmp_path):
    write_image(tmp_path / "DIV2K/DIV2K_train_HR/0001.png", 8, 8)
    assert list(find_div2k_lsdir(tmp_path, ("DIV2K",))) == ["DIV2K/0001"]
    with pytest.raises(MissingDataError, match=r"LSDIR/train; unpack[\s\S]*DIV2K_train_HR"):
        find_div2k_lsdir(tmp_path)
