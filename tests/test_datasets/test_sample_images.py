from __future__ import annotations

import hashlib

import cv2
import pytest

pytest.importorskip("skimage", reason="the sample images are inside scikit-image")

from mmsrkd.datasets import sample_images
from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.sample_images import HELD_OUT, TRAIN, write_sample_images


def test_writes_what_the_manifest_says(tmp_path):
    manifest = write_sample_images(tmp_path)
    assert len(manifest["files"]) == len(TRAIN) + len(HELD_OUT) == 14
    for entry in manifest["files"]:
        data = (tmp_path / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert entry["height"] % 12 == entry["width"] % 12 == 0
        assert min(entry["height"], entry["width"]) >= 4 * 32  # an LR patch of 32 at x4
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.png")}
    (tmp_path / "train/brick.png").write_bytes(b"half")
    write_sample_images(tmp_path)
    changed = [path.name for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == ["brick.png"]
    assert cv2.imread(str(tmp_path / "train/brick.png")) is not None


def test_split_has_no_picture_twice():
    assert not set(TRAIN) & set(HELD_OUT)


def test_missing_data_is_named(monkeypatch):
    monkeypatch.setattr(sample_images, "TRAIN", ("no_such_picture.png",))
    with pytest.raises(MissingDataError, match=r"no_such_picture\.png not found in"):
        sample_images.sample_image_folder()
    monkeypatch.setattr(sample_images.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDataError, match="pip install scikit-image"):
        sample_images.sample_image_folder()
