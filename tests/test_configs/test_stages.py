"""Every stages file that is shipped: its stages fit together."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import torch

from mmsrkd.apis.placeholders import resolve
from mmsrkd.apis.publish import publish_student
from mmsrkd.apis.stages import plan_table, read_stages
from mmsrkd.checkpoints.initialise import initialise
from mmsrkd.registry import MODELS

ROOT = Path(__file__).resolve().parents[2] / "configs"
FILES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*_stages.py"))
# the debug and small ones have the configs of the others
DISTINCT = [path for path in FILES if "debug" not in path.stem and "small" not in path.stem]

pytestmark = pytest.mark.usefixtures("scope")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_plan_can_be_read(path: Path) -> None:
    assert "to train" in plan_table(read_stages(ROOT / path), "nowhere")


@pytest.mark.parametrize("path", DISTINCT, ids=str)
def test_stages_fit_together(path: Path, tmp_path: Path) -> None:
    """Each stage is built from random networks of those before, and tried on a dummy batch."""
    torch.set_num_threads(1)
    published: dict[str, str] = {}
    for stage in read_stages(ROOT / path):
        config = copy.deepcopy(stage.config)
        resolve(config, published)
        model = MODELS.build(config.model)
        start = config.get("init_from") or []
        for source in [start] if isinstance(start, dict) else start:
            done = initialise(model.generator, **source)
            assert not done.left
        if hasattr(model, "check_distillation"):
            shapes = model.check_distillation(size=15)
            side = 15 * model.generator.scale
            assert shapes["student.out"] == (2, 3, side, side)
        state, generator = model.generator.state_dict(), config.model.generator.to_dict()
        files = publish_student(state, generator, tmp_path, stage.name, deploy=stage.deploy)
        published[stage.name] = str(files.safetensors)


@pytest.mark.parametrize("network", ["rlfn", "rfdn", "pan"])
def test_weights_and_shares_of_the_paper(network: str) -> None:
    stages = {s.name: s.config for s in read_stages(ROOT / f"takdsr/{network}_x2_stages.py")}
    weights = {
        name: {key: loss.get("weight", 1) for key, loss in config.model.distill.losses.items()}
        for name, config in stages.items()
    }
    image, trunk = 1, 1e-4
    assert weights == {
        "teacher": {"loss_imitation": 1e-2},
        "assistant": {"loss_teacher": image, "loss_trunk_teacher": trunk},
        "student": {
            "loss_teacher": image,
            "loss_trunk_teacher": trunk,
            "loss_assistant": image,
            "loss_trunk_assistant": trunk,
        },
    }
    assert stages["assistant"].model.input.shares == [0.3, 0.7]
    assert (
        stages["student"].model.distill.teachers.assistant.input == stages["assistant"].model.input
    )
    for config in stages.values():
        assert config.model.pixel_loss.loss_weight == 1
        assert config.train_dataloader.dataset.lr_patch == 96
        assert (config.optim_wrapper.optimizer.lr, config.param_scheduler.eta_min) == (1e-3, 1e-4)


def test_pisr_teaches_fsrcnn_on_luma() -> None:
    stages = {s.name: s.config for s in read_stages(ROOT / "pisr/pisr_fsrcnn_x2_stages.py")}
    weights = {
        n: {k: v.weight for k, v in c.model.distill.losses.items()} for n, c in stages.items()
    }
    assert weights == {"teacher": {"loss_imitation": 1e-4}, "student": {"loss_vid": 1e-6}}
    decoder, student = stages["teacher"].model.generator.decoder, stages["student"].model.generator
    assert decoder == student
    for config in stages.values():
        assert config.model.pixel_loss.type == "LumaLoss"
        assert config.train_cfg.max_iters == 1_000_000
        assert config.train_dataloader.batch_size == 16
        assert config.train_dataloader.dataset.lr_patch == 96
        assert (config.optim_wrapper.optimizer.lr, config.param_scheduler.eta_min) == (1e-3, 1e-5)


@pytest.mark.parametrize("tenths", [1, 5])
def test_a_student_gives_its_assistant_the_mix_that_it_learnt_from(tenths: int) -> None:
    stages = {s.name: s.config for s in read_stages(ROOT / "takdsr/rfdn_x2_small_stages.py")}
    taught_by = stages[f"student-of-{tenths}"].model.distill.teachers.assistant
    assert taught_by.checkpoint == f"{{stage:assistant-of-{tenths}}}"
    assert taught_by.input == stages[f"assistant-of-{tenths}"].model.input
    assert taught_by.input.shares == [tenths / 10, 1 - tenths / 10]


def test_students_have_the_parameters_of_the_decoded_configurations() -> None:
    counts = {}
    for network in ("rlfn", "rfdn", "pan"):
        student = read_stages(ROOT / f"takdsr/{network}_x2_stages.py")[-1]
        with torch.device("meta"):
            generator = MODELS.build(student.config.model.generator)
        counts[network] = sum(p.numel() for p in generator.parameters())
    assert counts == {"rlfn": 56_972, "rfdn": 76_212, "pan": 45_103}
