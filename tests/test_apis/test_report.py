from __future__ import annotations

import base64
import json
import re

import cv2
import numpy as np
import pytest

from mmsrkd.apis.report.page import write_page
from mmsrkd.apis.report.pictures import data_uri, squared_error, worst_regions
from mmsrkd.apis.report.scalars import loss_curves, read_scalars


def log(folder, start, *steps, **extra):
    path = folder / start / "vis_data" / "scalars.json"
    path.parent.mkdir(parents=True)
    lines = [
        json.dumps({"lr": 1e-3, "loss": 1 / s, "loss_label": 0.5 / s, "step": s, **extra})
        for s in steps
    ]
    path.write_text("\n".join(lines))
    return path


def test_scalars_of_a_resumed_run_are_one_curve(tmp_path):
    killed = log(tmp_path, "20260101_000000", 10, 20, 30)
    with open(killed, "a") as file:
        file.write('\n{"lr": 0.001, "lo')  # killed while writing
    log(tmp_path, "20260102_000000", 25, 35, loss_label=7.0)
    curves = loss_curves(read_scalars(tmp_path))
    assert curves["step"] == [10, 20, 25, 35]
    assert curves["series"]["loss_label"] == [0.05, 0.025, 7.0, 7.0]
    assert list(curves["series"]) == ["loss_label", "lr"]


def test_a_test_log_is_no_training(tmp_path):
    log(tmp_path, "20260101_000000", 10)
    path = tmp_path / "20260102_000000" / "vis_data" / "scalars.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"Set5/PSNR_Y": 30.0, "step": 5}\n')
    assert loss_curves(read_scalars(tmp_path))["step"] == [10]


def test_no_log_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no .*scalars\.json in .*; train there first"):
        read_scalars(tmp_path)


def test_worst_regions_are_where_the_error_is():
    error = np.zeros((120, 200))
    error[41:60, 31:50] = 5
    error[90:100, 150:160] = 9
    first, second = worst_regions(error, 24, 2, multiple=2)
    for region, (y, x) in ((first, (50, 40)), (second, (95, 155))):
        assert region.y <= y < region.y + 24
        assert region.x <= x < region.x + 24
        assert region.y % 2 == 0
        assert region.x % 2 == 0


@pytest.mark.parametrize("shape", [(24, 24), (10, 50), (31, 33), (100, 100)])
def test_regions_fit_into_any_picture(shape):
    rng = np.random.default_rng(0)
    regions = worst_regions(rng.random(shape), 24, 3, multiple=2)
    assert 1 <= len(regions) <= 3
    for region in regions:
        assert region.cut(np.zeros(shape)).shape == (region.size, region.size)
        assert region.cut(np.zeros(shape)[::2, ::2], 2).shape == (region.size // 2,) * 2


def test_squared_error_is_the_mean_over_channels():
    a, b = np.zeros((2, 2, 3), np.uint8), np.full((2, 2, 3), 255, np.uint8)
    assert (squared_error(a, b) == 255**2).all()


def test_pictures_travel_unchanged():
    image = np.random.default_rng(0).integers(0, 256, (7, 5, 3)).astype(np.uint8)
    data = base64.b64decode(data_uri(image).partition(",")[2])
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB), image)


def test_page_holds_everything_and_asks_for_nothing(tmp_path):
    path = tmp_path / "report.html"
    write_page(path, {"title": "a < b & $c", "text": "</script><!--", "number": 1.5})
    page = path.read_text()
    assert "<title>a &lt; b &amp; $c</title>" in page
    inside = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert inside is not None
    assert json.loads(inside[1])["text"] == "</script><!--"
    addresses = set(re.findall(r"https?://[^\s\"']+", page)) - {"http://www.w3.org/2000/svg"}
    assert not addresses
    assert not re.search(r"<link|@import|\ssrc=\"(?!data:)", page)


def test_a_number_that_json_does_not_know_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_page(tmp_path / "report.html", {"title": "", "psnr": float("inf")})
    assert not (tmp_path / "report.html").exists()
