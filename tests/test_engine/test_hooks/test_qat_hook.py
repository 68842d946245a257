from __future__ import annotations

import uuid
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.publish import publish_student
from mmsrkd.apis.train import train
from mmsrkd.checkpoints import load_network, read_checkpoint
from mmsrkd.engine.hooks.qat_hook import QATHook
from mmsrkd.models.networks import LGRNet
from mmsrkd.quantization import NotCalibratedError, quantizer_of
from tests import tiny

STEPS = 9  # three of each phase


def config(folder: Path, name: str, **scheme: object) -> Config:
    torch.manual_seed(3)
    float_file = folder / "float.pth"
    torch.save(LGRNet(channels=tiny.CHANNELS, num_blocks=2).state_dict(), float_file)
    teacher = {"generator": tiny.student(), "checkpoint": str(float_file)}
    block = tiny.distill_block(folder)
    block |= {"teachers": {"teacher": teacher}}
    block["taps"]["teacher"] = dict(block["taps"]["student"])
    cfg = tiny.train_config(folder, tiny.model_config(block), steps=STEPS)
    cfg.quantization = {
        "scheme": {"preset": "cpu", **scheme},
        "checkpoint": str(float_file),
        "observe": 1 / 3,
        "freeze": 2 / 3,
    }
    cfg.work_dir = str(folder / name)
    cfg.experiment_name = uuid.uuid4().hex
    return cfg


def weights_of(folder: Path, step: int = STEPS) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = read_checkpoint(folder / f"iter_{step}.pth")["state_dict"]
    return state


BALANCED = {"preset": "openvino", "overrides": [{"pattern": "upsampler.0", "balance": True}]}


@pytest.mark.parametrize(
    "scheme", [{}, {"learned_step": True}, {"learned_step": "weights"}, BALANCED]
)
def test_resumes_exactly_in_every_phase(tmp_path, scheme):
    whole = config(tmp_path, "whole", **scheme)
    whole.default_hooks.checkpoint.update(interval=1, max_keep_ckpts=-1)
    train(whole)
    for step in (1, 2, 3, 4, 7):
        part = config(tmp_path, f"part{step}", **scheme)
        train(part, resume=str(tmp_path / "whole" / f"iter_{step}.pth"))
        expected, got = weights_of(tmp_path / "whole"), weights_of(tmp_path / f"part{step}")
        assert all(torch.equal(expected[key], got[key]) for key in expected), step


def test_phases_do_what_they_are_called(tmp_path):
    cfg = config(tmp_path, "run")
    cfg.default_hooks.checkpoint.update(interval=1, max_keep_ckpts=-1)
    runner = train(cfg)
    quantizer = quantizer_of(runner.model.generator)
    scale = "generator.quantizer.spots.add_0.scale"
    scales = [float(weights_of(tmp_path / "run", step)[scale]) for step in range(1, STEPS + 1)]
    assert scales[:3] == [1, 1, 1]  # only observed
    assert len(set(scales[3:6])) == 3  # rounded and observed
    assert scales[5:] == [scales[5]] * 4  # no longer observed
    assert all(m.quantising and not m.observing for m in quantizer.by_name().values())


def test_factors_are_found_before_the_ranges_behind_them(tmp_path):
    hook = QATHook(observe=1 / 3, freeze=2 / 3)
    phases = [hook.phase(step, STEPS, balances=True) for step in range(STEPS)]
    assert phases == ["balance", *["observe"] * 2, *["train"] * 3, *["freeze"] * 3]
    cfg = config(tmp_path, "run", **BALANCED)
    cfg.default_hooks.checkpoint.update(interval=1, max_keep_ckpts=-1)
    train(cfg)
    key = "generator.quantizer.factors.upsampler/0.factor"
    factors = [weights_of(tmp_path / "run", step)[key] for step in range(1, STEPS + 1)]
    assert torch.equal(factors[0], torch.ones_like(factors[0]))
    assert not torch.equal(factors[1], factors[0])
    assert all(torch.equal(factor, factors[1]) for factor in factors[1:])


def test_taps_fire_once_under_rounding(tmp_path):
    runner = train(config(tmp_path, "run"))
    model = runner.model
    calls = []
    model.generator.body[0].register_forward_hook(lambda *_: calls.append(1))
    data = next(iter(runner.train_dataloader))
    losses = model(**model.data_preprocessor(data, True), mode="loss")
    assert calls == [1]
    assert {"loss_label", "loss_local", "loss_global", "loss_teacher"} <= set(losses)
    assert all(torch.isfinite(value).all() for value in losses.values())


def test_the_checkpoint_fits_a_float_network(tmp_path):
    train(config(tmp_path, "run"))
    network = LGRNet(channels=tiny.CHANNELS, num_blocks=2)
    load_network(network, tmp_path / "run" / f"iter_{STEPS}.pth")
    state = weights_of(tmp_path / "run")
    assert torch.equal(network.head[0].weight, state["generator.head.0.weight"])


def test_what_was_saved_while_only_observing_is_not_published(tmp_path):
    cfg = config(tmp_path, "run")
    cfg.default_hooks.checkpoint.update(interval=1, max_keep_ckpts=-1)
    generator = train(cfg).cfg.model.generator
    early, late = (str(tmp_path / "run" / f"iter_{step}.pth") for step in (2, STEPS))
    with pytest.raises(NotCalibratedError, match=r"only looked at .*: take a later checkpoint"):
        publish_student(early, generator, tmp_path / "early")
    publish_student(late, generator, tmp_path / "late")


def test_shares_out_of_order():
    with pytest.raises(ValueError, match=r"0 <= observe < freeze <= 1; got 0.5 and 0.2"):
        QATHook(observe=0.5, freeze=0.2)


def test_a_network_that_is_not_quantised(tmp_path):
    cfg = tiny.train_config(tmp_path, tiny.model_config(), steps=2)
    cfg.custom_hooks = [*cfg.custom_hooks, {"type": "QATHook"}]
    cfg.work_dir = str(tmp_path / "run")
    with pytest.raises(ValueError, match=r"LGRNet is not quantised: .*quantization = dict\(scheme"):
        train(cfg)


def test_an_unknown_entry(tmp_path):
    cfg = config(tmp_path, "run")
    cfg.quantization.shceme = {}
    with pytest.raises(KeyError, match="quantization has no shceme; it has scheme, checkpoint"):
        train(cfg)
