from __future__ import annotations

from pathlib import Path

import pytest

from mmsrkd.apis.model_zoo import Entry, collect, draw, render

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return collect(ROOT)


def test_a_known_network_has_its_published_and_measured_figures(entries: list[Entry]) -> None:
    (span,) = [entry for entry in entries if entry.name == "span-c48_x2"]
    assert (span.deployed, span.parameters, span.min_side) == (410_700, 2_221_140, 1)
    assert span.gmacs == pytest.approx(94.39, abs=0.01)
    assert span.measured["Set5/PSNR_Y"] == pytest.approx(38.070, abs=0.005)
    assert span.weights == "span-ncnn:spanx2_ch48"


def test_a_network_is_listed_once_whatever_trains_it(entries: list[Entry]) -> None:
    names = [entry.name for entry in entries]
    assert len(set(names)) == len(names)
    assert not any("_kd_" in name or "_debug" in name for name in names)


def test_page_and_picture_in_docs_are_up_to_date(entries: list[Entry]) -> None:
    page = ROOT / "docs/model_zoo.md"
    assert page.read_text() == render(entries), "run `python tools/model_zoo.py`"
    assert draw(entries) == draw(entries)
    assert all(
        entry.name.partition("_x")[0].encode() in page.with_suffix(".svg").read_bytes()
        for entry in entries
        if entry.scale == 2 and entry.gmacs > 0 and "Set5/PSNR_Y" in entry.measured
    )
