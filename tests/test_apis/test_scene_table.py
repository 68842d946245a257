from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmsrkd.apis.scene_table import read_results, scene_table

RESULTS = {
    "twin": {"bedroom/PSNR_Y": 30.0, "kitchen/PSNR_Y": 28.5, "bedroom/frame1/PSNR_Y": 1.0},
    "student": {"kitchen/PSNR_Y": 28.25, "bedroom/PSNR_Y": 31.0, "protocol/PSNR_Y": "Y"},
    "teacher": {"bedroom/PSNR_Y_privileged": 40.0, "kitchen/PSNR_Y_privileged": 41.0},
}


def test_a_column_for_each_scene_and_the_truth_wins_nothing() -> None:
    assert scene_table(RESULTS, "PSNR_Y").splitlines() == [
        "| PSNR_Y               | bedroom   | kitchen   | mean      |",
        "|----------------------|-----------|-----------|-----------|",
        "| twin                 | 30.00     | **28.50** | 29.25     |",
        "| student              | **31.00** | 28.25     | **29.62** |",
        "| teacher (privileged) | 40.00     | 41.00     | 40.50     |",
    ]


def test_data_sets_have_a_table_and_a_mean_each() -> None:
    twin = {"BMFR:sponza/SSIM_Y": 0.5, "Tungsten:bedroom/SSIM_Y": 0.9, "BMFR:kitchen/SSIM_Y": 0.7}
    student = dict(zip(twin, (0.6, 0.8, 0.7), strict=True))
    both = scene_table({"twin": twin, "student": student}, "SSIM_Y")
    assert both.splitlines() == [
        "| BMFR SSIM_Y | sponza     | kitchen    | mean       |",
        "|-------------|------------|------------|------------|",
        "| twin        | 0.5000     | **0.7000** | 0.6000     |",
        "| student     | **0.6000** | **0.7000** | **0.6500** |",
        "",
        "| Tungsten SSIM_Y | bedroom    | mean       |",
        "|-----------------|------------|------------|",
        "| twin            | **0.9000** | **0.9000** |",
        "| student         | 0.8000     | 0.8000     |",
    ]
    one = scene_table({"twin": {"BMFR:sponza/SSIM_Y": 0.5}}, "SSIM_Y", best=False)
    assert one.splitlines()[0] == "| SSIM_Y | BMFR:sponza | mean   |"


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    fewer = {**RESULTS, "student": {"bedroom/PSNR_Y": 31.0}}
    with pytest.raises(ValueError, match=r"student was not .* as twin \(differing: kitchen\)"):
        scene_table(fewer, "PSNR_Y")
    with pytest.raises(KeyError, match="twin has no SSIM_Y; it has PSNR_Y"):
        scene_table(RESULTS, "SSIM_Y")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "twin.json").write_text(json.dumps(RESULTS["twin"]))
    assert read_results([tmp_path / "a/twin.json"]) == {"twin": RESULTS["twin"]}
    with pytest.raises(ValueError, match="two files are called 'twin'"):
        read_results([tmp_path / "a/twin.json", tmp_path / "b/twin.json"])
