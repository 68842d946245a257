"""Who is measured in the demo."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config
from torch import nn

from mmsrkd.apis.complexity import count_parameters, macs_per_pixel, median_milliseconds
from mmsrkd.apis.test import test
from mmsrkd.apis.upscale import committed_student
from mmsrkd.checkpoints import read_checkpoint
from mmsrkd.deploy.network import build_network
from mmsrkd.models.networks.reparam import switch_to_deploy

SET = "HeldOut"
_HD_PIXELS = 1280 * 720


@dataclass(frozen=True)
class Contestant:
    """A network of the comparison.

    Attributes:
        key: Short name, first part of its keys in the summary.
        title: For people.
        generator: Network config.
        checkpoint: Its weights; None if it has none.
    """

    key: str
    title: str
    generator: dict[str, Any]
    checkpoint: str | None = None

    def build(self) -> nn.Module:
        """The network with its weights, in deploy form and evaluation mode."""
        return switch_to_deploy(build_network(self.generator, self.checkpoint)).eval()


def contestants(
    config: Config, student: Path | None = None, published: Path | None = None
) -> list[Contestant]:
    """Return bicubic, student, published student and teacher, those that there are.

    Args:
        config: Distillation config of the demo.
        student: Checkpoint of the demo's student.
        published: File of the student that comes with the project.
    """
    scale = config.model.generator.scale
    entries = [
        Contestant("bicubic", "Bicubic", {"type": "Bicubic", "scale": scale, "rounding": "uint8"})
    ]
    if student is not None:
        generator = config.model.generator.to_dict()
        entries.append(Contestant("student", "Student of this demo", generator, str(student)))
    if published is not None:
        meta = read_checkpoint(published)["meta"]
        entries.append(
            Contestant("published", "Published student", dict(meta["network"]), str(published))
        )
    source = config.model.distill.teachers.teacher.checkpoint
    entries.append(Contestant("teacher", "Teacher (SPAN)", _teacher_network(source), source))
    return entries


def published_student(scale: int) -> Path | None:
    """The student that comes with the project, if there is exactly one of this scale."""
    try:
        path = committed_student()
    except (FileNotFoundError, ValueError):
        return None
    return path if read_checkpoint(path)["meta"].get("scale") == scale else None


def measure(entries: Sequence[Contestant], config: Config, work_dir: Path) -> dict[str, float]:
    """Measure quality on the held-out pictures, and cost.

    Args:
        entries: Who.
        config: Config with the test set.
        work_dir: For the logs of the tests.

    Returns:
        ``student/PSNR_Y`` and the like, per picture too (``student/astronaut/PSNR_Y``),
        ``student/parameters``, ``student/GMACs_720p`` (multiply-adds for an output of 1280x720),
        ``student/ms_256`` (milliseconds for an LR picture of 256x256 in PyTorch).
    """
    result: dict[str, float] = {}
    networks = {}
    for entry in entries:
        plain = copy.deepcopy(config)
        plain.model = {**plain.model, "type": "BaseEditModel", "generator": entry.generator}
        plain.model.pop("distill", None)
        plain.work_dir = str(work_dir / entry.key)
        for key, value in test(plain, entry.checkpoint).items():
            if key.startswith(f"{SET}/"):
                result[f"{entry.key}/{key.removeprefix(f'{SET}/')}"] = value
        network = networks[entry.key] = entry.build()
        result[f"{entry.key}/parameters"] = count_parameters(network)
        lr_pixels = _HD_PIXELS / config.model.generator.scale**2
        result[f"{entry.key}/GMACs_720p"] = macs_per_pixel(network) * lr_pixels / 1e9
    for name, milliseconds in median_milliseconds(networks).items():
        result[f"{name}/ms_256"] = milliseconds
    return result


def _teacher_network(source: str) -> dict[str, Any]:
    from mmsrkd.checkpoints import convert

    return convert(source).network_cfg
