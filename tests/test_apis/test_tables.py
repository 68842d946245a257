from __future__ import annotations

from mmsrkd.apis.tables import markdown_table, metric_table


def test_rows_are_sets_and_columns_metrics() -> None:
    result = {
        "Set5/PSNR_Y": 33.6612,
        "Set5/SSIM_Y": 0.92987,
        "Set14/PSNR_Y": 30.2,
        "Set5/baby/PSNR_Y": 37.0,
        "protocol/PSNR_Y": "Y channel",
        "meta/date": "today",
        "checkpoint": None,
    }
    assert metric_table(result).splitlines() == [
        "| set   | PSNR_Y | SSIM_Y |",
        "|-------|--------|--------|",
        "| Set5  | 33.661 | 0.9299 |",
        "| Set14 | 30.200 | -      |",
    ]


def test_no_results_is_a_head_alone() -> None:
    assert len(metric_table({}).splitlines()) == 2
    assert markdown_table(["a"], []).splitlines()[0] == "| a |"
