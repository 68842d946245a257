from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config

from mmsrkd.datasets import SceneDataset, select_present
from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.registry import DATASETS
from tests import tiny

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two scenes of frames, one of them with two cameras, and a picture that is a scene."""
    tiny.write_images(tmp_path / "cg/classroom", count=2)
    tiny.write_images(tmp_path / "cg/0001/frame_left", count=2)
    tiny.write_images(tmp_path / "cg/0001/frame_right", count=3)
    tiny.write_images(tmp_path / "one", count=1)
    (tmp_path / "one/image0.png").rename(tmp_path / "cg/bedroom.png")
    return tmp_path


def dataset(root: Path, **changes: Any) -> SceneDataset:
    common: dict[str, Any] = {"data_root": str(root), "folder": "cg", "scale": 2}
    return SceneDataset(**(common | {"test_mode": True} | changes))


def keys(found: SceneDataset) -> list[str]:
    return [found.get_data_info(i)["key"] for i in range(len(found))]


def test_scenes_are_folders_or_pictures(root: Path) -> None:
    assert keys(dataset(root, scenes="bedroom")) == ["bedroom"]
    assert keys(dataset(root, scenes="classroom")) == ["classroom_image0", "classroom_image1"]
    assert len(dataset(root)) == 1 + 2 + 5
    assert len(dataset(root, scenes=["0001"], frames="frame_left")) == 2
    assert len(dataset(root, leave_out=["0001"])) == 3
    sample = dataset(root, scenes="bedroom")[0]
    assert sample["inputs"].shape[1] * 2 == sample["data_samples"].gt_img.shape[1]


def test_training_with_blended_colours(root: Path) -> None:
    found = dataset(
        root,
        test_mode=False,
        lr_patch=12,
        leave_out=["bedroom"],
        augment=[{"type": "RGBAlphaBlend"}],
    )
    assert [type(t).__name__ for t in found.pipeline.transforms][-2:] == [
        "RGBAlphaBlend",
        "PackInputs",
    ]
    assert found[0]["inputs"].shape == (3, 12, 12)


def test_what_is_not_there(root: Path) -> None:
    with pytest.raises(MissingDataError, match=r"'kitchen' is not in .*0001, bedroom, classroom"):
        dataset(root, scenes=["bedroom", "kitchen"])
    with pytest.raises(MissingDataError, match=r"no image in the scenes 0001 of .* under left/"):
        dataset(root, scenes="0001", frames="left")
    missing = r"folder .*spring does not exist \(folder='spring'\); set \$MMSRKD_DATA"
    with pytest.raises(MissingDataError, match=missing):
        dataset(root, folder="spring")
    with pytest.raises(ValueError, match="augment belongs to the usual training pipeline"):
        dataset(root, augment=[{"type": "RGBAlphaBlend"}])


def test_scenes_that_are_absent_are_left_out_of_a_test(root: Path) -> None:
    def loader(scene: str) -> dict[str, Any]:
        common = {"type": "SceneDataset", "data_root": str(root), "folder": "cg", "scale": 2}
        return {"dataset": {**common, "scenes": scene, "test_mode": True}}

    names = ["bedroom", "kitchen", "classroom"]
    loaders, evaluators, missing = select_present([loader(n) for n in names], names)
    assert [entry["dataset"]["scenes"] for entry in loaders] == evaluators == names[::2]
    assert missing == ["kitchen"]
    with pytest.raises(MissingDataError, match="none of the test sets kitchen"):
        select_present([loader("kitchen")], ["kitchen"])


def test_renders_are_split_into_training_and_test(
    data_root: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (data_root / "cg/mitsuba_gallery").is_dir():
        pytest.skip("no renders under the data root")
    monkeypatch.setenv("MMSRKD_DATA", str(data_root))
    config = Config.fromfile(repository / "configs/_base_/datasets/cg_x2.py")
    training = DATASETS.build(config.train_dataloader.dataset)
    tested = [
        key for loader in config.test_dataloader for key in keys(DATASETS.build(loader.dataset))
    ]
    assert tested == config.held_out
    assert not set(keys(training)) & set(tested)
    assert len(training) == 9
