from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mmsrkd.datasets import DomainPairDataset, GeneratedSRDataset, UnlabelledDataset
from mmsrkd.datasets.draws import Draw
from mmsrkd.datasets.errors import ImageTooSmallError, MissingDataError
from mmsrkd.registry import MODELS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")


def source(folder: Path) -> GeneratedSRDataset:
    root = tiny.write_images(folder / "source", count=5)
    return GeneratedSRDataset(data_root=str(root), scale=2, lr_patch=8)


def target(folder: Path, **changes: Any) -> UnlabelledDataset:
    root = tiny.write_images(folder / "target", count=3, size=52)
    return UnlabelledDataset(**{"data_root": str(root), "patch": 10, **changes})


def equal(first: Any, second: Any) -> bool:
    return torch.equal(first, second)


def test_source_is_untouched_and_target_runs_through_passes_of_its_own(tmp_path: Path) -> None:
    alone, pairs = source(tmp_path), DomainPairDataset(source(tmp_path), target(tmp_path))
    seen = []
    for position in range(12):
        draw = Draw(position % 5, position, 3)
        sample, pair = alone[draw], pairs[draw]
        assert equal(pair["inputs"]["img"], sample["inputs"])
        assert equal(pair["data_samples"].gt_img, sample["data_samples"].gt_img)
        assert equal(pairs[draw]["inputs"]["target_img"], pair["inputs"]["target_img"])
        seen.append(int(pairs._partner(draw)))
    assert len(pairs) == len(alone)
    assert all(sorted(seen[i : i + 3]) == [0, 1, 2] for i in range(0, 12, 3))


def test_no_truth_of_the_target_unless_asked_for(tmp_path: Path) -> None:
    labelled = source(tmp_path)
    draw = Draw(0, 0, 0)
    dropped = DomainPairDataset(source(tmp_path), labelled)[draw]["data_samples"]
    assert "target_gt_img" not in dropped
    kept = DomainPairDataset(source(tmp_path), labelled, labelled=True)[draw]["data_samples"]
    assert kept.target_gt_img.shape == (3, 16, 16)
    with pytest.raises(ValueError, match="labelled=True and the target's samples have no gt_img"):
        DomainPairDataset(source(tmp_path), target(tmp_path), labelled=True)[draw]


def test_both_domains_and_truths_come_out_in_one_channel_order_and_range(tmp_path: Path) -> None:
    model = {**tiny.model_config(), "type": "AdaptEditModel"}
    model["adapt"] = {"taps": {"a": "body.0"}, "target_weight": 1.0}
    model["data_preprocessor"]["output_channel_order"] = "RGB"
    prepare = MODELS.build(model).data_preprocessor
    same = source(tmp_path)
    item = DomainPairDataset(same, same, labelled=True)[Draw(0, 0, 0)]
    item["inputs"]["target_img"] = item["inputs"]["img"].clone()
    item["data_samples"].target_gt_img = item["data_samples"].gt_img.clone()
    data = prepare({"inputs": [item["inputs"]], "data_samples": [item["data_samples"]]}, True)
    assert equal(data["inputs"]["target_img"], data["inputs"]["img"])
    assert equal(data["data_samples"].target_gt_img, data["data_samples"].gt_img)
    assert data["inputs"]["img"].max() <= 1


def test_empty_target(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    empty = {"type": "UnlabelledDataset", "data_root": str(tmp_path / "nothing"), "patch": 8}
    message = (
        r"the target set of domain adaptation: dataset folder .*nothing holds no image .*; set"
    )
    with pytest.raises(MissingDataError, match=message):
        DomainPairDataset(source(tmp_path), empty)
    with pytest.raises(MissingDataError, match=r"\(list\) has no image; check its folders"):
        DomainPairDataset(source(tmp_path), [])


def test_unlabelled_patch(tmp_path: Path) -> None:
    sample = target(tmp_path, grey=True)[Draw(1, 1, 0)]
    image = sample["inputs"]
    assert image.shape == (3, 10, 10)
    assert np.ptp(image.numpy(), axis=0).max() == 0
    with pytest.raises(ImageTooSmallError, match=r"image\d.png is 52x.* the patch is 64x64; "):
        target(tmp_path, patch=64)[0]
    with pytest.raises(ValueError, match="either patch or a pipeline"):
        target(tmp_path, patch=None)
