"""What docs/adding_a_method.md says is true: its files are written as shown, and run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from mmengine.config import Config

from mmsrkd.apis.compare import load_suite, unequal_conditions
from mmsrkd.apis.train import train
from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.registry import MODELS

BLOCK = re.compile(r"```python\n# (?P<path>\S+\.py)\n(?P<code>.*?)```", re.DOTALL)


@pytest.fixture
def written(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the page's files in it, as a user would have them."""
    page = (repository / "docs/adding_a_method.md").read_text()
    for match in BLOCK.finditer(page):
        path = tmp_path / match["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(match["code"])
    (tmp_path / "configs/_base_").symlink_to(repository / "configs/_base_")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("gradient_kd", None)
    MODELS.module_dict.pop("GradientMapL1Loss", None)


def test_the_example_trains_and_its_tests_pass(written: Path) -> None:
    config = Config.fromfile("configs/gradient_kd/gradient_kd_x2_debug.py")
    config.train_cfg.max_iters = 3
    config.work_dir, config.launcher = str(written / "work"), "none"
    runner = train(config)
    logged = {name.removeprefix("train/") for name in runner.message_hub.log_scalars}
    assert {"loss_label", "loss_teacher", "loss_edges"} <= logged
    state = read_checkpoint(written / "work/iter_3.pth")["state_dict"]
    assert all(key.startswith("generator.") for key in state), "a plain student"

    tests: dict = {}
    exec((written / "test_gradient_kd.py").read_text(), tests)
    found = [value for name, value in tests.items() if name.startswith("test_")]
    assert len(found) == 3
    for test in found:
        test()

    suite = load_suite("configs/compare/gradient_kd.py", seeds=2)
    assert [run.name for run in suite.runs] == [
        "twin_seed0",
        "twin_seed1",
        "edges_seed0",
        "edges_seed1",
    ]
    assert unequal_conditions(suite) == {"edges_seed0": [], "edges_seed1": []}


def test_what_the_page_names_exists(repository: Path) -> None:
    page = (repository / "docs/adding_a_method.md").read_text()
    MODELS.get("LGRNet")  # imports the locations
    names = set(re.findall(r"`([A-Z][A-Za-z0-9]+(?:[A-Z0-9][a-z0-9]+)+)`", page))
    elsewhere = {"LabelConsistency", "StepSeedHook"}
    assert names - elsewhere <= set(MODELS.known_names()), names
    for path in re.findall(r"\]\(\.\./(\S+?)\)", page):
        assert (repository / path).exists()
