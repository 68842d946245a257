from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from mmengine.config import Config

from mmsrkd.datasets.draws import Draw
from mmsrkd.registry import DATASETS


@pytest.mark.usefixtures("scope")
@pytest.mark.parametrize("protocol", ["dann", "dann-ft"])
def test_both_protocols_on_visible_and_infrared_images(
    repository: Path, data_root: Path, monkeypatch: pytest.MonkeyPatch, protocol: str
) -> None:
    """Every training image holds a patch; tested scenes are not trained on."""
    monkeypatch.setenv("MMSRKD_DATA", str(data_root))
    config = Config.fromfile(repository / f"configs/dann/lgrnet_{protocol}_x4_small.py")
    pairs = DATASETS.build(config.train_dataloader.dataset)
    grey = 0
    for position in range(len(pairs)):
        sample = pairs[Draw(position, position, 0)]
        target = sample["inputs"]["target_img"].numpy()
        assert sample["inputs"]["img"].shape == target.shape == (3, 32, 32)
        assert np.ptp(target, axis=0).max() == 0
        assert ("target_gt_img" in sample["data_samples"]) == (protocol == "dann-ft")
        grey += np.ptp(sample["inputs"]["img"].numpy(), axis=0).max() == 0
    assert 0.6 < grey / len(pairs) < 0.9
    road = next(x.dataset for x in config.test_dataloader if x.dataset.get("name") == "Road")
    tested, trained = (
        {dataset.get_data_info(i)["gt_path"] for i in range(len(dataset))}
        for dataset in (DATASETS.build(road), pairs.target)
    )
    assert len(tested) == 10
    assert not tested & trained
