from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mmengine.config import Config

from mmsrkd.apis import compare
from mmsrkd.apis.suite_report import render


def suite(**changes: Any) -> Config:
    runs = [
        {"name": "plain_0", "group": "plain", "config": "a.py"},
        {"name": "plain_1", "group": "plain", "config": "a.py", "seed": 1},
        {"name": "kd_0", "group": "kd", "config": "b.py"},
    ]
    fields = {"name": "s", "title": "T", "baseline": "plain", "runs": runs, **changes}
    return Config(fields)


def result(group: str, psnr: float) -> dict[str, Any]:
    return {
        "config": "b.py" if group == "kd" else "a.py",
        "Set5/PSNR_Y": psnr,
        "Set5/baby/PSNR_Y": 1.0,
        "protocol/PSNR_Y": "as always",
        "meta/command": "python x",
        "meta/commit": "abc",
        "meta/date": "2026-01-01",
        "meta/machine": "two cores",
    }


def test_page_has_means_spread_difference_and_origin() -> None:
    results = {
        "plain_0": result("plain", 30.0),
        "plain_1": result("plain", 30.4),
        "kd_0": result("kd", 31.2),
    }
    page = render(suite(), results)
    assert "30.20 ± 0.20" in page
    assert "31.20 (+1.00)" in page
    assert "baby" not in page
    assert "`python x`" in page
    assert "abc" in page
    assert "- `PSNR_Y`: as always." in page


def test_missing_runs_are_named() -> None:
    page = render(suite(), {"plain_0": result("plain", 30.0)})
    assert "Not finished yet: plain_1, kd_0." in page


def test_only_what_has_no_result_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fake(run: Any, work_dir: Path, target: Path) -> None:
        ran.append(run.name)
        target.write_text(json.dumps(result(run.group, 30.0)))

    monkeypatch.setattr(compare, "run_one", fake)
    (tmp_path / "plain_0.json").write_text(json.dumps(result("plain", 30.0)))
    missing = compare.run_suite(suite(), tmp_path, tmp_path / "work", only=["plain_0", "kd_0"])
    assert ran == ["kd_0"]
    assert missing == ["plain_1"]
    assert set(compare.read_results(suite(), tmp_path)) == {"plain_0", "kd_0"}


def test_bad_suites(tmp_path: Path) -> None:
    path = tmp_path / "suite.py"
    path.write_text("runs = [dict(name='a', group='g', config='c', sed=1)]\n")
    with pytest.raises(KeyError, match="unknown keys \\['sed'\\]"):
        compare.load_suite(path)
    path.write_text("runs = [dict(name='a', group='g', config='c')] * 2\n")
    with pytest.raises(ValueError, match="same name"):
        compare.load_suite(path)
    with pytest.raises(KeyError, match="has no run nothing"):
        compare.run_suite(suite(), tmp_path, tmp_path, only=["nothing"])


def test_shipped_suites_name_configs_that_exist(repository: Path) -> None:
    for path in (repository / "configs/compare").glob("*.py"):
        loaded = compare.load_suite(path)
        assert path.stem == loaded.name
        assert all((repository / run.config).is_file() for run in loaded.runs)


def test_a_result_of_another_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kd_0.json").write_text(json.dumps({**result("kd", 30.0), "config": "old.py"}))
    with pytest.raises(ValueError, match="made with other config than the suite now says"):
        compare.read_results(suite(), tmp_path)


def test_sets_nobody_thought_of_have_a_column() -> None:
    page = render(suite(), {"kd_0": {**result("kd", 31.0), "Kodak/PSNR_Y": 33.0}})
    assert "Kodak" in page
