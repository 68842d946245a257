"""Bad input of deblurring and domain adaptation ends with one line: cause, value and fix."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.config import Config

from tests import tiny
from tests.test_apis.conftest import Tool


def write_config(folder: Path, cfg: Config) -> Path:
    cfg.dump(folder / "config.py")
    return folder / "config.py"


def adapting(folder: Path, target: dict[str, Any] | None) -> Config:
    """Two steps of adaptation, with this target set or with none."""
    cfg = tiny.train_config(folder, tiny.model_config(), steps=2)
    cfg.model.type, cfg.model.adapt = "AdaptEditModel", {"taps": {"early": "body.0"}}
    cfg.custom_hooks.append({"type": "GradientReversalHook"})
    if target is not None:
        source = cfg.train_dataloader.dataset
        pair = {"type": "DomainPairDataset", "source": source, "target": target}
        cfg.train_dataloader.dataset = pair
    return cfg


def test_blurred_and_sharp_of_different_size(tool: Tool, tmp_path: Path) -> None:
    cfg = tiny.train_config(tmp_path, tiny.model_config(scale=2), steps=2)
    (tmp_path / "blur").mkdir()
    for path in (tmp_path / "images").iterdir():
        cv2.imwrite(str(tmp_path / "blur" / path.name), cv2.imread(str(path))[:-2])
    cfg.train_dataloader.dataset = {
        "type": "PairedSRDataset",
        "data_root": str(tmp_path),
        "gt_folder": "images",
        "img_folder": "blur",
        "scale": 1,
        "lr_patch": 12,
    }
    ended = tool("train", write_config(tmp_path, cfg))
    assert ended.code == 1
    assert re.search(
        r"size mismatch: degraded .*blur/image\d.png is 38x.* sharp .*images/image\d.png is 40x.*; "
        "both must have one size, remake or remove the pair",
        ended.error,
    )


def test_target_set_that_is_empty(tool: Tool, tmp_path: Path) -> None:
    (tmp_path / "thermal").mkdir()
    target = {"type": "UnlabelledDataset", "data_root": str(tmp_path), "folders": "thermal"}
    ended = tool("train", write_config(tmp_path, adapting(tmp_path, {**target, "patch": 12})))
    assert ended.code == 1
    assert re.search(
        r"target set of domain adaptation: .*/thermal holds no image .*; set \$MMSRKD", ended.error
    )


def test_domain_loss_on_a_source_only_config(tool: Tool, tmp_path: Path) -> None:
    ended = tool("train", write_config(tmp_path, adapting(tmp_path, None)))
    assert ended.code == 1
    assert re.search(
        r"the domain loss is on and the batch has no target images; .*DomainPairDataset.* or train "
        "without `adapt`",
        ended.error,
    )


def test_raw_thermal_target(tool: Tool, tmp_path: Path) -> None:
    """Read by one line for all files; a range that cannot be is named."""
    (tmp_path / "thermal").mkdir()
    for number in range(2):
        raw = np.random.default_rng(number).integers(7000, 9551, (30, 30), dtype=np.uint16)
        cv2.imwrite(str(tmp_path / f"thermal/{number}.png"), raw)
    target = {"type": "UnlabelledDataset", "data_root": str(tmp_path / "thermal"), "patch": 12}
    good = adapting(tmp_path, {**target, "range_16bit": [7000, 9550]})
    assert tool("train", write_config(tmp_path, good)).code == 0
    bad = adapting(tmp_path, {**target, "range_16bit": [9550, 7000]})
    ended = tool("train", write_config(tmp_path, bad))
    assert ended.code == 1
    assert "0 <= low < high <= 65535, got (9550, 7000)" in ended.error
