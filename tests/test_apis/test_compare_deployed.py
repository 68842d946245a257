"""Suites whose runs have twins of their own, are quantised, and are measured in a runtime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from mmsrkd import deploy
from mmsrkd.apis import compare
from mmsrkd.apis.compare import conditions, runs
from mmsrkd.apis.compare.twins import twin_group
from tests import tiny
from tests.test_apis.test_compare import result, suite, write_suite

SUITE = """
name = "int8"
title = "Eight bits"
stage = dict(stages="{folder}/float_stages.py", stage="float")
scheme = dict(preset="cpu", images="{images}")
sets = dict(images="{images}", others="{images}")
file = dict(precision="int8", sets=sets, latency_shape=(1, 3, 16, 16), latency_runs=1,
            budget_db=1.0)
runs = [
    dict(name="float", group="float", **stage),
    dict(name="ptq", group="ptq", against="float", quantize=scheme, export=file, **stage),
]
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, Path]:
    """The suite, carried out, and the folder of its ``results`` and ``work``."""
    folder = tmp_path_factory.mktemp("int8")
    torch.set_num_threads(1)
    write_suite(folder)
    stages = {"float": {"config": "plain.py"}}
    (folder / "float_stages.py").write_text(f"stages = {stages!r}\n")
    images = tiny.write_images(folder / "shown", count=2, size=72)
    (folder / "int8.py").write_text(SUITE.format(folder=folder, images=images))
    loaded = compare.load_suite(folder / "int8.py", seeds=1)
    assert not compare.run_suite(loaded, folder / "results", folder / "work")
    return loaded, folder


def test_a_quantised_run_is_measured_in_its_runtime(finished: tuple[Config, Path]) -> None:
    loaded, folder = finished
    results = compare.read_results(loaded, folder / "results")
    float_run, ptq = results["float_seed0"], results["ptq_seed0"]
    assert ptq["Set5/PSNR_Y"] != float_run["Set5/PSNR_Y"]
    assert ptq["train/seed"] == float_run["train/seed"] == 0
    assert len(list((folder / "work").iterdir())) == 1, "the float stage is trained once"
    assert ptq["deploy/onnxruntime/onnxruntime int8/int8_convolutions"] > 0
    page = compare.render(loaded, results, compare.unequal_conditions(loaded))
    row = next(line for line in page.splitlines() if "onnxruntime int8" in line)
    assert f"{ptq['deploy/onnxruntime/images/change_dB']:+.3f}" in row
    changed = suite(runs=[{**loaded.runs[1], "quantize": {"preset": "openvino"}}], name="int8")
    with pytest.raises(ValueError, match="made with other quantize"):
        compare.read_results(changed, folder / "results")


def test_files_are_exported_again_without_training(
    finished: tuple[Config, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal files keep what was proven of them; float runs have no file."""
    torch.set_num_threads(1)
    loaded, folder = finished
    results = folder / "results"
    before = {path.name: json.loads(path.read_text()) for path in results.iterdir()}
    monkeypatch.setattr(runs, "train", lambda *_, **__: pytest.fail("trains again"))
    monkeypatch.setattr(deploy, "prove_files", lambda *_, **__: pytest.fail("proves again"))
    (results / "ptq_seed0.json").write_text(
        json.dumps({**before["ptq_seed0.json"], "deploy/onnxruntime/latency/threads": 64})
    )
    with pytest.raises(FileNotFoundError, match="ptq_seed0 has a result but no weights"):
        compare.run_suite(loaded, results, folder / "elsewhere", again=True)
    assert not compare.run_suite(loaded, results, folder / "work", again=True)
    after = {path.name: json.loads(path.read_text()) for path in results.iterdir()}
    assert after["float_seed0.json"] == before["float_seed0.json"]
    measured = {key for key in after["ptq_seed0.json"] if "_ms" in key or "seconds" in key}
    assert measured
    for key in before["ptq_seed0.json"].keys() - measured - {"deploy/meta/command"}:
        if "times_as_fast" not in key:
            assert after["ptq_seed0.json"][key] == before["ptq_seed0.json"][key], key


def chain(**changes: Any) -> Config:
    """QAT is compared with float, and distilled QAT with plain QAT."""
    groups = {"float": None, "qat": "float", "kd": "qat"}
    runs = [
        {"name": g, "group": g, "config": "a.py", **({"against": a} if a else {}), **changes}
        for g, a in groups.items()
    ]
    return suite(runs=runs, baseline=None)


def test_qat_goes_on_from_its_twin_so_conditions_are_not_those_of_the_twin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configs = {
        "float": {"train_cfg": {"max_iters": 20}},
        "qat": {"train_cfg": {"max_iters": 4}, "quantization": {"scheme": {}}},
        "kd": {"train_cfg": {"max_iters": 5}, "quantization": {"scheme": {}}},
    }
    monkeypatch.setattr(conditions, "trains", lambda _: True)
    monkeypatch.setattr(conditions, "run_config", lambda run: configs[run["name"]])
    found = compare.unequal_conditions(chain())
    assert found == {"kd": ["train_cfg.max_iters is 5, not 4"]}


def test_each_group_has_a_twin_of_its_own() -> None:
    loaded = chain()
    twins = [twin_group(loaded, group) for group in ("float", "qat", "kd")]
    assert twins == [None, "float", "qat"]
    measured = {n: result("plain", p) for n, p in (("float", 31.0), ("qat", 30.0), ("kd", 30.9))}
    data = compare.as_json(loaded, measured, {})
    found = {group: d["Set5/PSNR_Y"]["mean"] for group, d in data["differences"].items()}
    assert found == {"qat": pytest.approx(-1.0), "kd": pytest.approx(0.9)}
    page = compare.render(loaded, measured)
    cells = [[c.strip() for c in line.split("|")] for line in page.splitlines() if "| kd" in line]
    assert any(row[2:4] == ["qat", "images"] for row in cells), "the column says to whom"


def test_what_has_no_weights_cannot_be_quantised(tmp_path: Path) -> None:
    (tmp_path / "c.py").write_text("model = dict(generator=dict(type='Bicubic', scale=2))\n")
    run = {"name": "a", "group": "a", "config": str(tmp_path / "c.py"), "quantize": {}}
    (tmp_path / "suite.py").write_text(f"name = 's'\nruns = [{run}]\n")
    with pytest.raises(ValueError, match="'a' is to quantize a network without weights"):
        compare.load_suite(tmp_path / "suite.py")


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("group='b', against='nobody'", "'b' is compared with 'nobody', which no run has"),
        ("group='a', seed=1, against='b'", "give all of them the same `against`"),
    ],
)
def test_twins_that_are_not_there(tmp_path: Path, second: str, message: str) -> None:
    runs = f"[dict(name='a', group='a', config='c.py'), dict(name='b', config='c.py', {second})]"
    (tmp_path / "suite.py").write_text(f"name = 's'\nruns = {runs}\n")
    with pytest.raises(ValueError, match=message):
        compare.load_suite(tmp_path / "suite.py")
