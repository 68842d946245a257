from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets import (
    BenchmarkDataset,
    find_benchmarks,
    matlab_resize,
    modcrop,
    select_present,
)
from mmsrkd.datasets.benchmark_dataset import set_name
from mmsrkd.datasets.errors import MissingDataError
from tests.test_datasets.conftest import write_image


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two sets, one under ``sr`` and one beside it, the second without LR files."""
    for name in ("b", "a"):
        write_image(tmp_path / "sr/Set5/HR" / f"{name}.png", 25, 30)
        hr = cv2.imread(str(tmp_path / "sr/Set5/HR" / f"{name}.png"))
        lr = matlab_resize(modcrop(hr, 3), scale=1 / 3)
        lr[0, 0] = 0  # to tell the file from a generated image
        (tmp_path / "sr/Set5/LR_bicubic/X3").mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(tmp_path / f"sr/Set5/LR_bicubic/X3/{name}x3.png"), lr)
    write_image(tmp_path / "Mine/HR/c.png", 13, 15)
    (tmp_path / "sr/Set14/HR").mkdir(parents=True)
    return tmp_path


def test_uses_lr_files_where_every_image_has_one(root):
    dataset = BenchmarkDataset(str(root), "Set5", scale=3)
    sample = dataset[0]
    assert [Path(dataset.get_data_info(index)["gt_path"]).stem for index in (0, 1)] == ["a", "b"]
    assert sample["inputs"].shape == (3, 8, 10)
    assert sample["data_samples"].gt_img.shape == (3, 24, 30)
    assert sample["inputs"][:, 0, 0].tolist() == [0, 0, 0]
    (root / "sr/Set5/LR_bicubic/X3/bx3.png").unlink()
    generated = BenchmarkDataset(str(root), "Set5", scale=3)[0]
    assert generated["inputs"][:, 0, 0].tolist() != [0, 0, 0]
    assert np.array_equal(generated["inputs"][:, 1:], sample["inputs"][:, 1:])


def test_grey_files_become_three_channels_and_are_marked(root):
    path = root / "Mine/HR/c.png"
    cv2.imwrite(str(path), cv2.imread(str(path), cv2.IMREAD_GRAYSCALE))
    sample = BenchmarkDataset(str(root), "Mine", scale=2)[0]
    assert sample["data_samples"].gt_img.shape == (3, 12, 14)
    assert (sample["inputs"] == sample["inputs"][:1]).all()
    assert sample["data_samples"].gt_is_grey
    assert not BenchmarkDataset(str(root), "Set5", scale=2)[0]["data_samples"].gt_is_grey


def test_find_benchmarks(root):
    assert find_benchmarks(root, ["Set14", "Mine", "Set5"]) == (["Mine", "Set5"], ["Set14"])


def test_select_present_leaves_out_and_names_the_missing(root):
    def loaders(*names: str) -> list[dict]:
        return [
            {"dataset": {"type": "BenchmarkDataset", "data_root": str(root), "name": name}}
            for name in names
        ]

    other = {"dataset": {"type": "PairedSRDataset"}}
    kept = select_present([*loaders("Set5", "Set14"), other], ["e5", "e14", "other"])
    assert kept == ([*loaders("Set5"), other], ["e5", "other"], ["Set14"])
    with pytest.raises(MissingDataError, match="none of the test sets Set14, BSD100 is under"):
        select_present(loaders("Set14", "BSD100"), [0, 0])


def test_missing_set_is_named(root):
    with pytest.raises(MissingDataError) as caught:
        BenchmarkDataset(str(root), "Urban100", scale=2)
    for part in (str(root / "sr/Urban100/HR"), "name='Urban100'", "prepare_benchmarks.py"):
        assert part in str(caught.value)


def test_named_folders_are_left_out_like_benchmarks_and_called_by_their_results(root):
    common = {"data_root": str(root)}
    gone = {
        **common,
        "type": "PairedSRDataset",
        "name": "VGTDB",
        "gt_folder": "a",
        "img_folder": "b",
    }
    there = {**common, "type": "GeneratedSRDataset", "name": "Own", "folders": ["sr/Set5/HR"]}
    blurred = {**common, "type": "BenchmarkDataset", "name": "Set14"}
    loaders = [{"dataset": dataset} for dataset in (gone, there, blurred)]
    evaluators = [{"metrics": [{"prefix": name}]} for name in ("Thermal", "Own", "Set14_blurred")]
    kept = select_present(loaders, evaluators)
    assert kept == ([loaders[1]], [evaluators[1]], ["Thermal", "Set14_blurred"])
    assert set_name(blurred, evaluators[2]) == "Set14_blurred"
    assert set_name(blurred, {}) == "Set14"
