"""From a config to three things to time: a student step, the teacher, a distillation step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import Tensor

from mmsrkd.checkpoints import SPAN_NCNN_PREFIX
from mmsrkd.models.restorers import DistillEditModel
from mmsrkd.registry import MODELS


@dataclass(frozen=True)
class Case:
    """A config, perhaps with changes.

    Attributes:
        config: Path of a config with a distillation block.
        changes: As `Config.merge_from_dict` takes them.
    """

    config: str
    changes: Mapping[str, Any] = field(default_factory=dict)


_BLOCK = "model.distill"
_SOFT = {f"{_BLOCK}.losses.loss_{name}.weight": 0.0 for name in ("local", "global")}
_FROM_SPAN = {
    f"{_BLOCK}.teachers.teacher": {"_delete_": True, "checkpoint": "span-ncnn:spanx2_ch48"},
    f"{_BLOCK}.taps.teacher": {
        "f1": "block_2",
        "f2": "block_4",
        "f3": {"path": "upsampler", "role": "input"},
    },
    f"{_BLOCK}.adapters.DR.out_channels": 48,
}

#: What is timed unless configs are named: small and large pairs of each objective.
CASES = {
    "soft target, LGR-Net-T from SPAN": Case("configs/lgrnet/lgrnet_kd_x2_small.py", _SOFT),
    "LGR-Net, LGR-Net-T from SPAN": Case("configs/lgrnet/lgrnet_kd_x2_small.py"),
    "LGR-Net, LGR-Net base from SPAN": Case("configs/lgrnet/lgrnet_kd_x2.py"),
    "FACD, LGR-Net-T from SPAN": Case("configs/facd/facd_small_x2.py"),
    "FACD, EDSR 64x16 from SPAN": Case("configs/facd/facd_edsr_x2.py", _FROM_SPAN),
    "FACD, EDSR 64x16 from EDSR 256x32": Case("configs/facd/facd_edsr_x2.py"),
}


@dataclass
class Prepared:
    """Three callables over one batch.

    Attributes:
        student: Forward, L1 against the truth, backward, Adam.
        teacher: Forward with taps.
        distil: All of a distillation step, Adam included.
        sizes: Parameters of student and teachers.
    """

    student: Callable[[], None]
    teacher: Callable[[], None]
    distil: Callable[[], None]
    sizes: dict[str, int]


def prepare(case: Case, batch: int, lr_patch: int, device: torch.device, folder: Path) -> Prepared:
    """Build the model of a case and a random batch.

    Layouts are those of a training run: the student's weights are channels-last. A teacher whose
    file is absent gets random weights, at which it takes as long.

    Args:
        case: Config and changes.
        batch: Patches in a step.
        lr_patch: Height and width of an LR patch.
        device: Where to run.
        folder: For the files of random weights.

    Raises:
        ValueError: If the config does not distil.
    """
    config = Config.fromfile(case.config)
    config.merge_from_dict(dict(case.changes))
    if "distill" not in config.model:
        raise ValueError(f"{case.config} has no distillation block; name a config that distils")
    with DefaultScope.overwrite_default_scope("mmsrkd"):
        _fill_in_weights(config.model.distill.teachers, folder)
        model = MODELS.build(config.model).to(device)
        model.init_weights()
    model.generator.to(memory_format=torch.channels_last)
    model.train()
    return _callables(model, *_random_batch(model, batch, lr_patch, device))


def _random_batch(
    model: DistillEditModel, batch: int, lr_patch: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    lr = torch.rand(batch, 3, lr_patch, lr_patch, device=device)
    with torch.no_grad():
        return lr, torch.rand_like(model.generator(lr))


def _callables(model: DistillEditModel, lr: Tensor, gt: Tensor) -> Prepared:
    from mmagic.structures import DataSample  # importable once mmsrkd.registry is

    sample, named = DataSample(gt_img=gt), {"lr": lr, "gt": gt}
    plain = torch.optim.Adam(model.generator.parameters(), lr=1e-5)
    every = torch.optim.Adam((p for p in model.parameters() if p.requires_grad), lr=1e-5)

    def student() -> None:
        plain.zero_grad()
        (model.generator(lr) - gt).abs().mean().backward()
        plain.step()

    def teacher() -> None:
        for name in model.teacher_names:
            model._teachers[name](named)

    def distil() -> None:
        every.zero_grad()
        losses = model.forward_train(lr, sample)
        torch.stack([value for name, value in losses.items() if "loss" in name]).sum().backward()
        every.step()

    teacher()  # builds those that are not yet
    networks = {name: model._teachers[name].network for name in model.teacher_names}
    sizes = {
        name: sum(p.numel() for p in network.parameters())
        for name, network in {"student": model.generator, **networks}.items()
    }
    return Prepared(student, teacher, distil, sizes)


def _fill_in_weights(teachers: Mapping[str, Any], folder: Path) -> None:
    """Point every teacher whose file is absent to a file of random weights."""
    for name, teacher in teachers.items():
        source = teacher.get("checkpoint")
        if source is None or source.startswith(SPAN_NCNN_PREFIX) or Path(source).is_file():
            continue
        network = MODELS.build(dict(teacher.generator))
        teacher.checkpoint = str(folder / f"{name}_{len(list(folder.iterdir()))}.pth")
        torch.save(network.state_dict(), teacher.checkpoint)
