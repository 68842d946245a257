"""Every config that is shipped builds what it says, and is listed where users look."""

from __future__ import annotations

import math
from contextlib import nullcontext
from pathlib import Path

import pytest
import torch
import yaml
from mmengine.config import Config

from mmsrkd.apis.model_zoo.entries import build_on_meta, network_scale
from mmsrkd.apis.placeholders import stages_named
from mmsrkd.models.distillation import teachers
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS

ROOT = Path(__file__).resolve().parents[2] / "configs"
NOT_MODELS = {"_base_", "deploy", "compare"}
CONFIGS = sorted(
    path.relative_to(ROOT)
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT).parts[0] not in NOT_MODELS and not path.stem.endswith("_stages")
)


def _distils(path: Path) -> bool:
    try:
        config = Config.fromfile(ROOT / path)
        # stages of several are tried together in test_stages.py
        return "teachers" in config.model.get("distill", {}) and not stages_named(config)
    except Exception:  # whatever it is, the first test reports it
        return False


DISTILLING = [path for path in CONFIGS if _distils(path)]

pytestmark = pytest.mark.usefixtures("scope")


@pytest.mark.parametrize("path", CONFIGS, ids=str)
def test_model_builds_and_has_the_scale_of_its_name(path: Path) -> None:
    config = Config.fromfile(ROOT / path)
    generator = student_config(config.model)["generator"]
    assert f"_x{network_scale(build_on_meta(generator), generator)}" in path.stem
    assert config.default_scope == "mmsrkd"


@pytest.mark.parametrize("path", DISTILLING, ids=str)
def test_distillation_block_is_sound(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no package carries the weights, shapes alone are computed."""
    config = Config.fromfile(ROOT / path)
    checkpoint = config.model.distill.teachers.teacher.checkpoint
    absent = not checkpoint.startswith("span-ncnn:") and not Path(checkpoint).is_file()
    if absent:
        monkeypatch.setattr(teachers, "load_network", lambda network, _: network)
        monkeypatch.setattr(teachers, "sha256_of", lambda _: None)
        # the meta device knows no autocast, not even to switch it off
        monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())
    # HighFrequencyLoss looks at values
    device = "meta" if absent and path.parts[0] != "lgrnet" else "cpu"
    with torch.device(device):
        model = MODELS.build(config.model).to(device)
        shapes = model.check_distillation(size=max(8, getattr(model.generator, "min_side", 8)))
    assert shapes["student.out"] == shapes["teacher.out"]
    assert all(math.isfinite(weight) for weight in model.distill.weights().values())


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


@pytest.mark.parametrize(
    ("name", "steps", "lr", "truth", "weights"),
    [
        ("fakd/fakd_edsr_x2", 200_000, 1e-4, 0.5, {"teacher": 0.5, "affinity": 10 / 255}),
        ("facd/facd_rcan_x4", 600_000, 2e-4, 0.0, {"image": 1.0, "contrast": 4 / 255}),
        ("pisr/pisr_edsr_x3", 600_000, 2e-4, 1.0, {"vid": 1e-6}),
    ],
)
def test_published_recipes_on_images_of_0_to_1(
    name: str, steps: int, lr: float, truth: float, weights: dict[str, float]
) -> None:
    """Weights of terms that do not grow with the range are the published ones over 255."""
    config = Config.fromfile(ROOT / f"{name}.py")
    assert config.train_cfg.max_iters == steps
    assert config.train_dataloader.batch_size == 16
    assert config.optim_wrapper.optimizer.lr == lr
    assert config.model.pixel_loss.loss_weight == truth
    found = {k: v.get("weight", 1.0) for k, v in config.model.distill.losses.items()}
    assert found == {f"loss_{term}": weight for term, weight in weights.items()}


@pytest.mark.parametrize(
    ("name", "image", "contrast"),
    [
        *((f"facd_small_x2{kind}", "TeacherCloser", "TeacherCloser") for kind in ("", "_icd")),
        ("facd_small_x2_image-gate", "TeacherCloser", None),
        *(
            (f"facd_small_x2_{kind}", "AlwaysOne", "AlwaysOne")
            for kind in ("fcd", "infonce", "avg", "bottom", "sa")
        ),
        ("fcd_small_x2_icd", "AlwaysOne", "AlwaysOne"),
    ],
)
def test_ablations_of_facd_have_the_gate_of_their_row(
    name: str, image: str, contrast: str | None
) -> None:
    """Tables 6, 7, 10 and 12 are of FCD, which has none; Table 11 leaves out that of features."""
    block = Config.fromfile(ROOT / f"facd/{name}.py").model.distill
    gates = {
        loss: (block.indicators[gate.removeprefix("ind.")].type if gate else None)
        for loss in ("loss_image", "loss_contrast")
        for gate in [block.losses[loss].args.get("gate")]
    }
    assert gates == {"loss_image": image, "loss_contrast": contrast}


def test_twin_differs_by_the_teacher_alone() -> None:
    kd, twin = (
        Config.fromfile(ROOT / f"lgrnet/{name}.py") for name in ("lgrnet_kd_x2", "lgrnet_x2")
    )
    assert kd.model.generator == twin.model.generator
    for key in ("train_dataloader", "train_cfg", "optim_wrapper", "param_scheduler", "randomness"):
        assert kd[key] == twin[key]


@pytest.mark.parametrize(
    ("small", "debug"),
    [
        ("soft_target/soft_target_small_x2", "soft_target/soft_target_x2_debug"),
        *(
            (f"facd/facd_small_x2_{part}", f"facd/facd_x2_{part}_debug")
            for part in ("fcd", "icd", "infonce", "sa")
        ),
    ],
)
def test_debug_config_has_the_model_of_the_small_one(small: str, debug: str) -> None:
    models = [Config.fromfile(ROOT / f"{name}.py").model for name in (small, debug)]
    assert models[0] == models[1]


def test_soft_target_is_what_the_facd_suite_compares() -> None:
    suite = Config.fromfile(ROOT / "compare/facd.py")
    run = next(run for run in suite.runs if run["name"] == "soft-target")
    compared = Config.fromfile(ROOT.parent / run["config"])
    compared.merge_from_dict(run["options"])
    ours = Config.fromfile(ROOT / "soft_target/soft_target_small_x2.py").model
    assert compared.model.distill.losses == ours.distill.losses
    assert compared.model.pixel_loss == ours.pixel_loss
