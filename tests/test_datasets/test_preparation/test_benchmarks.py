from __future__ import annotations

import cv2
import pytest

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.preparation.benchmarks import prepare_benchmarks
from tests.test_datasets.conftest import write_image


def test_makes_checks_and_reports(tmp_path):
    for name in ("a", "b"):
        write_image(tmp_path / f"sr/Set5/HR/{name}.png", 25, 31)
    reports, missing = prepare_benchmarks(tmp_path, ["Set5", "Set14"], scales=[2, 3])
    assert missing == ["Set14"]
    assert (reports[0].made, reports[0].same) == (4, 0)
    lr = tmp_path / "sr/Set5/LR_bicubic/X2/ax2.png"
    image = cv2.imread(str(lr))
    image[0, 0] ^= 1
    cv2.imwrite(str(lr), image)
    report = prepare_benchmarks(tmp_path, ["Set5"], scales=[2, 3])[0][0]
    assert (report.made, report.same, report.different) == (0, 3, [str(lr)])
    for part in ("2 images (the full set has 5)", "3 already right", "ax2.png"):
        assert part in report.summary()


def test_nothing_there_shows_the_expected_tree(tmp_path):
    with pytest.raises(MissingDataError, match=r"none of Set5, Set14, .*\n[\s\S]*Set5[\s\S]*HR"):
        prepare_benchmarks(tmp_path)
