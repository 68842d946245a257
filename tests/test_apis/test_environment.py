from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mmsrkd.apis.environment import (
    Finding,
    Report,
    find_mixups,
    find_torch_problems,
    flat,
    group_left_out,
    how_to_get,
    provider,
    read_tested,
)

GOOD = {
    "python": "3.11.7",
    "torch": "2.13.0+cpu",
    "torchvision": "0.28.0",
    "onedl-mmengine": "0.10.12",
    "mmcv-lite": "2.1.0",
    "mmagic": "1.2.0",
    "mmdeploy": "1.3.1",
}


def test_the_tested_set_has_no_mixups():
    assert find_mixups(GOOD) == []
    assert find_torch_problems(GOOD, {"torch build": "CPU", "device": "CPU"}) == []


@pytest.mark.parametrize(
    ("change", "fatal", "cause", "fix"),
    [
        (
            {"mmengine": "0.10.7"},
            False,
            "overwritten files of onedl",
            "uninstall -y mmengine onedl",
        ),
        ({"mmengine": "0.10.7", "onedl-mmengine": None}, False, "instead of its", "make setup"),
        ({"mmcv-lite": "2.2.0"}, True, "mmcv-lite 2.2.0 is too new", "uninstall -y mmcv-lite"),
        ({"mmcv": "2.1.0"}, False, "mmcv-lite and mmcv overwrite", "uninstall -y mmcv-lite mmcv"),
        ({"mmagic": None, "mmdeploy": None}, True, "not installed: mmagic, mmdeploy", "make setup"),
        ({"python": "3.10.1"}, True, "Python 3.10.1 is too old", "3.11"),
    ],
)
def test_mixups_are_found_with_their_fix(change, fatal: bool, cause: str, fix: str):
    installed = {k: v for k, v in (GOOD | change).items() if v is not None}
    (finding,) = find_mixups(installed)
    assert finding.fatal is fatal
    assert cause in finding.cause
    assert fix in finding.fix
    assert "\n" not in finding.cause + finding.fix


def test_a_full_mmcv_stands_in_for_the_lite_one():
    installed = {k: v for k, v in GOOD.items() if k != "mmcv-lite"} | {"mmcv": "2.1.0"}
    assert provider("mmcv-lite", installed) == "mmcv"
    assert find_mixups(installed) == []


@pytest.mark.parametrize(
    ("versions", "facts", "cause"),
    [
        ({}, {"torch error": "no libtorch"}, "torch does not import: no libtorch"),
        ({}, {"torch build": "CPU", "nvidia driver": "installed"}, "CPU build on a machine with"),
        ({}, {"torch build": "CUDA 12.8", "device": "CPU"}, "sees no GPU"),
        ({"torchvision": "0.27.1"}, {}, "torchvision 0.27.1 is for another torch than 2.13.0"),
    ],
)
def test_torch_problems(versions, facts, cause: str):
    (finding,) = find_torch_problems(GOOD | versions, facts)
    assert cause in finding.cause


def test_report_is_flat_json():
    findings = [Finding(True, "a", "b"), Finding(False, "c", "d")]
    report = Report({"x": None}, {"x": "1"}, {"device": "CPU"}, findings, {"lpips": ["PPL"]})
    content = flat(report)
    assert json.loads(json.dumps(content)) == content
    assert content["works"] is False
    assert (content["errors"], content["notes"]) == (["a: b"], ["c: d"])
    assert content["left_out/lpips"] == ["PPL"]


def test_everything_left_out_has_a_way_to_get_it():
    import mmagic.models  # noqa: F401 - fills the list

    for missing, names in group_left_out().items():
        assert names == sorted(set(names))
        assert "pip install" in how_to_get(missing)


def test_tested_versions_are_those_that_are_pinned(repository: Path):
    tested = read_tested(repository / "requirements" / "tested.json")
    pins = {}
    for path in (repository / "requirements").glob("*.txt"):
        pins |= dict(re.findall(r"^([\w-]+)==([\w.]+)", path.read_text(), re.M))
    assert len(pins) > 5
    assert {name: tested.get(name, pin) for name, pin in pins.items()} == pins
    assert set(tested) >= {"python", "torch", "onedl-mmengine", "mmcv-lite", "mmagic", "mmdeploy"}
