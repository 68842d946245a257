from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mmengine.config import Config

from mmsrkd.apis import compare
from mmsrkd.apis.compare import runs as compare_runs
from tests import tiny
from tests.test_apis.conftest import Tool


def suite(**changes: Any) -> Config:
    runs = [
        {"name": "plain_0", "group": "plain", "config": "a.py"},
        {"name": "plain_1", "group": "plain", "config": "a.py", "seed": 1},
        {"name": "kd_0", "group": "kd", "config": "b.py"},
    ]
    fields = {"name": "s", "title": "T", "baseline": "plain", "runs": runs, **changes}
    return Config(fields)


def result(group: str, psnr: float, seed: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "config": "b.py" if group == "kd" else "a.py",
        "seed": seed,
        "train/seed": seed,
        "Set5/PSNR_Y": psnr,
        "Set5/baby/PSNR_Y": psnr - 1,
        "Set5/bird/PSNR_Y": psnr + 1,
        "protocol/PSNR_Y": "as always",
        "meta/command": "python x",
        "meta/commit": "abc",
        "meta/date": "2026-01-01",
        "meta/machine": "two cores",
        **more,
    }


def three_results() -> dict[str, dict[str, Any]]:
    cost = {"train/peak_memory_mib": 100.0, "train/memory_kind": "process"}
    return {
        "plain_0": result("plain", 30.0, **cost, **{"train/step_seconds": 0.1}),
        "plain_1": result("plain", 30.4, 1),
        "kd_0": result("kd", 31.2, **cost, **{"train/step_seconds": 0.15}),
    }


def test_page_has_means_spread_difference_cost_and_origin() -> None:
    page = compare.render(suite(), three_results())
    assert "30.20 ± 0.20" in page
    assert "+1.20 [+1.20, +1.20]" in page, "of seed 0 alone, not of the mean of both twins"
    assert "baby" not in page
    assert "`python x`" in page
    assert "abc" in page
    assert "- `PSNR_Y`: as always." in page
    row = next(line for line in page.splitlines() if line.startswith("| kd") and "process" in line)
    assert [cell.strip() for cell in row.split("|")][2:5] == ["150", "+50%", "100"]


def test_conditions_on_the_page() -> None:
    page = compare.render(suite(), three_results(), {"kd_0": []})
    assert "of the same seed." in page
    page = compare.render(suite(), three_results(), {"kd_0": ["lr is 1, not 2"]})
    assert "except:\n\n- `kd_0`: lr is 1, not 2." in page


def test_several_seeds_have_an_interval_over_seeds_and_one_over_images() -> None:
    results = {**three_results(), "kd_1": result("kd", 31.0, 1, **{"Set5/bird/PSNR_Y": 33.0})}
    runs = [*suite().runs, {"name": "kd_1", "group": "kd", "config": "b.py", "seed": 1}]
    page = compare.render(suite(runs=runs), results)
    rows = [line for line in page.splitlines() if line.startswith("| kd") and "[" in line]
    assert [[cell.strip() for cell in row.split("|")][2] for row in rows] == ["2 seeds", "images"]
    assert "+0.90 [+0.90, +1.40]" in rows[1]  # baby gains 0.9 in both runs' mean, bird 1.4


def test_infrared_has_a_table_and_a_panel() -> None:
    results = {
        name: {key.replace("PSNR_Y", "PSNR_grey"): value for key, value in found.items()}
        for name, found in three_results().items()
    }
    assert "## PSNR_grey" in compare.render(suite(), results)
    assert compare.draw(suite(), results) is not None


def test_missing_runs_are_named() -> None:
    page = compare.render(suite(), {"plain_0": result("plain", 30.0)})
    assert "Not finished yet: plain_1, kd_0." in page


def test_plot_shows_trained_methods_only() -> None:
    results = three_results()
    assert compare.draw(suite(), {"plain_0": results["plain_0"]}) is None
    picture = compare.draw(suite(), results)
    assert picture is not None
    assert picture == compare.draw(suite(), results), "the same each time"
    assert b"kd" in picture
    del results["kd_0"]["train/seed"]
    assert compare.draw(suite(), results) is None


def test_a_run_that_diverged_does_not_flatten_the_others() -> None:
    lost, near = compare.statistics.Difference, compare.plot._limits
    usual = [lost(mean, mean - 0.05, mean + 0.05, 5, "images") for mean in (0.1, 0.2, -0.1)]
    far = lost(-27.6, -28.0, -27.0, 5, "images")
    assert near([*usual, far]) == near(usual)
    low, high = near(usual)
    assert low < -0.15 < 0.25 < high
    runs = [*suite().runs, {"name": "lost_0", "group": "lost", "config": "b.py", "seed": 0}]
    gains = {f"kd_{n}": {"name": f"kd_{n}", "group": f"kd{n}", "config": "b.py"} for n in range(3)}
    results = {**three_results(), "lost_0": result("lost", 2.4)}
    results |= {name: result(name, 31.0) for name in gains}
    picture = compare.draw(suite(runs=[*runs, *gains.values()]), results)
    assert b">-27.6<" in picture.replace(b"\xe2\x88\x92", b"-")


def test_quantised_networks_are_in_the_plot_untrained() -> None:
    results = three_results()
    del results["kd_0"]["train/seed"]
    runs = [dict(run) for run in suite().runs]
    assert compare.draw(suite(runs=runs), results) is None
    runs[-1]["quantize"] = {"preset": "cpu"}
    assert compare.draw(suite(runs=runs), results) is not None


def test_everything_in_one_json() -> None:
    data = compare.as_json(suite(), three_results(), {"kd_0": []})
    json.dumps(data, allow_nan=False)
    assert data["differences"]["kd"]["Set5/PSNR_Y"]["mean"] == pytest.approx(1.2)
    assert data["runs"]["kd_0"]["Set5/baby/PSNR_Y"] == pytest.approx(30.2)


def test_interval_over_seeds_is_students() -> None:
    differences = [0.1, 0.3, 0.2]
    found = compare.statistics.over_seeds(differences)
    half = 4.302653 * np.std(differences, ddof=1) / math.sqrt(3)  # table: t of 0.975 at 2
    assert (found.mean, found.over, found.pairs) == (pytest.approx(0.2), "seeds", 3)
    assert found.high - found.mean == pytest.approx(half, rel=1e-5)


def test_interval_over_images_covers_their_differences() -> None:
    rng = np.random.default_rng(1)
    images = {f"S/{i}/PSNR_Y": float(v) for i, v in enumerate(rng.normal(0.5, 0.2, 200))}
    run = {"S/PSNR_Y": float(np.mean(list(images.values()))), **images}
    twin = dict.fromkeys(run, 0.0)
    found = compare.statistics.over_images([run], [twin], "S/PSNR_Y")
    normal = 1.96 * np.std(list(images.values())) / math.sqrt(200)
    assert found.high - found.low == pytest.approx(2 * normal, rel=0.05)
    assert found.low < found.mean < found.high


def test_what_was_not_trained_meets_the_mean_of_all_twins() -> None:
    reference = {k: v for k, v in result("kd", 31.2).items() if k != "train/seed"}
    twins = [result("plain", 30.0), result("plain", 30.4, 1)]
    found = compare.statistics.paired_difference([reference], twins, "Set5/PSNR_Y")
    assert found is not None
    assert found.mean == pytest.approx(1.0)
    other_seed = compare.statistics.paired_difference([result("kd", 31.0, 5)], twins, "Set5/PSNR_Y")
    assert other_seed is None
    fixed = {k: v for k, v in result("float", 30.5).items() if k != "train/seed"}
    seeds = [result("qat", 30.0, 0), result("qat", 30.2, 1)]
    each = compare.statistics.paired_difference(seeds, [fixed], "Set5/PSNR_Y")
    assert each is not None
    assert (each.over, each.pairs) == ("seeds", 2)
    assert each.mean == pytest.approx(-0.4)


def test_only_what_has_no_result_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fake(run: Any, work_dir: Path, target: Path) -> None:
        ran.append(run.name)
        target.write_text(json.dumps(result(run.group, 30.0)))

    monkeypatch.setattr(compare_runs, "run_one", fake)
    (tmp_path / "plain_0.json").write_text(json.dumps(result("plain", 30.0)))
    missing = compare.run_suite(suite(), tmp_path, tmp_path / "work", only=["plain_0", "kd_0"])
    assert ran == ["kd_0"]
    assert missing == ["plain_1"]
    assert set(compare.read_results(suite(), tmp_path)) == {"plain_0", "kd_0"}


def test_bad_suites(tmp_path: Path) -> None:
    path = tmp_path / "suite.py"
    path.write_text("name = 's'\nruns = [dict(name='a', group='g', config='c', sed=1)]\n")
    with pytest.raises(KeyError, match="unknown keys \\['sed'\\]"):
        compare.load_suite(path)
    path.write_text("name = 's'\nruns = [dict(name='a', group='g', config='c')] * 2\n")
    with pytest.raises(ValueError, match="same name"):
        compare.load_suite(path)
    path.write_text("name = 's'\nruns = [dict(name=n, group='g', config='c') for n in 'ab']\n")
    with pytest.raises(ValueError, match="'g' has two runs of seed 0"):
        compare.load_suite(path)
    with pytest.raises(KeyError, match="no budget 'huge', it has none"):
        compare.load_suite(path, budget="huge")
    with pytest.raises(KeyError, match="has no run nothing"):
        compare.run_suite(suite(), tmp_path, tmp_path, only=["nothing"])


def test_shipped_suites_name_configs_that_exist(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    for path in (repository / "configs/compare").glob("*.py"):
        for budget in (None, *Config.fromfile(path).get("budgets", {})):
            loaded = compare.load_suite(path, budget)
            assert path.stem == loaded.name
            assert all(compare.run_config(run) for run in loaded.runs)


def test_a_result_of_another_config_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kd_0.json").write_text(json.dumps({**result("kd", 30.0), "config": "old.py"}))
    with pytest.raises(ValueError, match="made with other config than the suite now says"):
        compare.read_results(suite(), tmp_path)


def test_sets_nobody_thought_of_have_a_column() -> None:
    page = compare.render(suite(), {"kd_0": {**result("kd", 31.0), "Kodak/PSNR_Y": 33.0}})
    assert "Kodak" in page


SUITE = """
name = "tiny"
title = "Tiny"
baseline = "plain"
budget = "small"
budgets = dict(debug={{"train_cfg.max_iters": 2}}, small=dict())
lr = {{"optim_wrapper.optimizer.lr": 2e-3}}
runs = [
    dict(name="plain", group="plain", config="{folder}/plain.py"),
    dict(name="kd", group="kd", config="{folder}/kd.py", options=lr),
    dict(name="bicubic", group="bicubic", config="{folder}/bicubic.py"),
]
"""


def write_suite(folder: Path) -> Path:
    """Plain, distilled and untrained runs over a few random images."""
    images = tiny.write_images(folder / "sr/Set5/HR", count=3)
    loader = {
        "batch_size": 1,
        "num_workers": 0,
        "sampler": {"type": "DefaultSampler", "shuffle": False},
        "dataset": {
            "type": "GeneratedSRDataset",
            "data_root": str(images),
            "scale": 2,
            "test_mode": True,
            "pipeline": [
                {"type": "LoadCheckedImage", "key": "gt"},
                {"type": "GenerateLR"},
                {"type": "PackInputs", "meta_keys": ["gt_is_grey"]},
            ],
        },
    }
    metric = {"type": "RestorationPSNR", "scale": 2, "convert_to": "Y", "prefix": "Set5"}
    models = {"plain": None, "kd": tiny.distill_block(folder)}
    for name in ("plain", "kd", "bicubic"):
        config = tiny.train_config(folder, tiny.model_config(models.get(name)), steps=4)
        config.test_cfg = {"type": "MultiTestLoop"}
        config.test_dataloader = [loader]
        config.test_evaluator = [{"type": "Evaluator", "metrics": [metric]}]
        if name == "bicubic":
            config.model.generator = {"type": "Bicubic", "scale": 2}
            for key in ("train_cfg", "train_dataloader", "optim_wrapper", "param_scheduler"):
                config.pop(key)
        config.pop("experiment_name")
        config.dump(folder / f"{name}.py")
    path = folder / "tiny.py"
    path.write_text(SUITE.format(folder=folder))
    return path


def test_a_suite_from_the_command_line(tool: Tool, tmp_path: Path) -> None:
    path = write_suite(tmp_path)
    flags = ["--budget", "debug", "--seeds", 2, "--device", "cpu", "--json", tmp_path / "all.json"]
    flags += ["--results", tmp_path / "results", "--work-dir", tmp_path / "runs"]
    ended = tool("compare", path, *flags)
    assert ended.code == 0, ended.err
    assert "kd_seed1: optim_wrapper.optimizer.lr is 0.002, not 0.001" in ended.out
    page = (tmp_path / "results/tiny-debug.md").read_text()
    assert (tmp_path / "results/tiny-debug.svg").is_file()
    assert "2 seeds" in page
    assert "--budget debug --seeds 2" in page
    assert "Budget `debug`: numbers of steps" in page
    data = json.loads((tmp_path / "all.json").read_text())
    names = ["plain_seed0", "plain_seed1", "kd_seed0", "kd_seed1", "bicubic"]
    assert list(data["groups"]) == sorted(names)
    assert set(data["runs"]) == set(names)
    for name in names[:4]:
        run = data["runs"][name]
        assert run["train/steps"] == 2
        assert 0 < run["train/step_seconds"] < 10
        assert run["train/peak_memory_mib"] > 50
    assert "train/steps" not in data["runs"]["bicubic"]
    assert data["differences"]["kd"]["Set5/PSNR_Y"]["pairs"] == 2
    assert data["differences"]["bicubic"]["Set5/PSNR_Y"]["over"] == "images"
