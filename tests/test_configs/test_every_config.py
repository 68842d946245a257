"""Every config that is shipped builds what it says, and is listed where users look."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from mmengine.config import Config

from mmsrkd.apis.model_zoo.entries import network_scale
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS

ROOT = Path(__file__).resolve().parents[2] / "configs"
NOT_MODELS = {"_base_", "deploy", "compare"}
CONFIGS = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT).parts[0] not in NOT_MODELS
)
NO_WEIGHTS_ANYWHERE = {"lgrnet_kd_x3"}  # SPAN x3 is in no package; the config says where to put it

pytestmark = pytest.mark.usefixtures("scope")


@pytest.mark.parametrize("path", CONFIGS, ids=str)
def test_model_builds_and_has_the_scale_of_its_name(path: Path) -> None:
    config = Config.fromfile(ROOT / path)
    generator = MODELS.build(student_config(config.model)["generator"])
    assert f"_x{network_scale(generator)}" in path.stem
    assert config.default_scope == "mmsrkd"


@pytest.mark.parametrize("path", [p for p in CONFIGS if "_kd_" in p.stem], ids=str)
def test_distillation_block_is_sound(path: Path) -> None:
    if path.stem in NO_WEIGHTS_ANYWHERE:
        pytest.skip("needs weights that no package carries")
    model = MODELS.build(Config.fromfile(ROOT / path).model)
    shapes = model.check_distillation(size=8)
    assert shapes["student.out"] == shapes["teacher.out"]


@pytest.mark.parametrize("folder", sorted({path.parts[0] for path in CONFIGS}))
def test_folder_has_a_readme_and_a_metafile_that_lists_every_config(folder: str) -> None:
    assert (ROOT / folder / "README.md").is_file()
    meta = yaml.safe_load((ROOT / folder / "metafile.yml").read_text())
    listed = {model["Config"] for model in meta["Models"]}
    assert listed == {f"configs/{path}" for path in CONFIGS if path.parts[0] == folder}


def test_paper_recipe() -> None:
    config = Config.fromfile(ROOT / "lgrnet/lgrnet_kd_x2.py")
    assert config.train_cfg.max_epochs == 500
    assert config.train_dataloader.batch_size == 64
    assert config.optim_wrapper.optimizer.lr == 1e-4
    weights = {k: v.weight for k, v in config.model.distill.losses.items()}
    assert weights == {"loss_local": 0.25, "loss_global": 0.25, "loss_teacher": 0.25}
    assert config.model.pixel_loss.loss_weight == 0.5


def test_twin_differs_by_the_teacher_alone() -> None:
    kd, twin = (
        Config.fromfile(ROOT / f"lgrnet/{name}.py") for name in ("lgrnet_kd_x2", "lgrnet_x2")
    )
    assert kd.model.generator == twin.model.generator
    for key in ("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler", "randomness"):
        assert kd[key] == twin[key]
