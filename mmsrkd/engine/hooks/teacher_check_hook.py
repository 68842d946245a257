"""Is the teacher worth listening to?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from mmengine.dataset import pseudo_collate
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import Tensor

from mmsrkd.datasets.draws import Draw
from mmsrkd.quantization import unrounded
from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class TeacherCheckHook(Hook):
    """Measures teachers and student on a few training patches before the first step.

    Warns if a teacher is weaker than the student it is to teach (one that starts from trained
    weights), or than bicubic interpolation, which points to wrong weights or a wrong value range.
    PSNR is of RGB in [0, 1], clipped, without border cut, a mean over the patches: good for this
    comparison, not for a table. A student in quantisation-aware training is measured without its
    roundings, whose scales are not known before the first step. Costs one or two forward passes;
    random states stay as they are.

    Args:
        samples: How many patches.
    """

    def __init__(self, samples: int = 8) -> None:
        if samples < 1:
            raise ValueError(f"TeacherCheckHook: samples must be at least 1, got {samples}")
        self.samples = samples

    def before_train(self, runner: Runner) -> None:
        """Measure and log; in the main process alone, and only for models with teachers."""
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        if not is_main_process() or not list(getattr(model, "teacher_names", ())):
            return
        with keeping_random_states(), unrounded(model.generator):
            found = measure(model, runner.train_dataloader.dataset, self.samples)
        if not found:
            runner.logger.info("no training patch has a truth: the teachers are not measured")
            return
        text = ", ".join(f"{name} {value:.2f} dB" for name, value in found.items())
        runner.logger.info(f"PSNR on {self.samples} training patches before the first step: {text}")
        student, bicubic = found.pop("student"), found.pop("bicubic")
        for name, value in found.items():
            for other, level in (("the student", student), ("bicubic interpolation", bicubic)):
                if value < level:
                    runner.logger.warning(
                        f"distill.teachers.{name} reaches {value:.2f} dB on {self.samples} "
                        f"training patches, {other} {level:.2f} dB: it would pull the student "
                        "down; check its checkpoint, scale and value range"
                    )


def measure(model: Any, dataset: Any, samples: int) -> dict[str, float]:
    """PSNR of ``student``, ``bicubic`` and every teacher whose image has the size of the truth.

    Patches without that truth are left out; empty if none has it.
    """
    # a draw of its own for each: augmented as in training, the same each time
    count = min(samples, len(dataset))
    places = [i * len(dataset) // count for i in range(count)]
    batch = pseudo_collate([dataset[Draw(place, place, 0)] for place in places])
    data = model.data_preprocessor(batch, training=True)
    inputs, gt = data["inputs"], data["data_samples"].gt_img
    lr = inputs if isinstance(inputs, Tensor) else inputs["img"]  # beside it: the other domain's
    keep = _with_truth(data["data_samples"], len(gt))
    if not keep:
        return {}
    lr, gt = lr[keep], gt[keep]
    images = model.images_of_networks(lr, gt)
    images["bicubic"] = F.interpolate(lr, size=gt.shape[-2:], mode="bicubic", antialias=True)
    return {name: psnr(im, gt) for name, im in images.items() if im.shape == gt.shape}


def _with_truth(samples: Any, count: int) -> list[int]:
    """Numbers of the samples whose ``gt`` is a truth; see `MultiTask` for what ``has_gt`` says."""
    given = samples.metainfo.get("has_gt", [True] * count)
    return [index for index, entry in enumerate(given) if entry in (True, "sr")]


def psnr(image: Tensor, gt: Tensor) -> float:
    """Mean PSNR of (N, 3, H, W) in [0, 1]; at most 100 dB, so that one copy is not infinite."""
    error = (image.float().clamp(0, 1) - gt).square().mean(dim=(1, 2, 3))
    return float((-10 * torch.log10(error.clamp_min(1e-10))).mean())


@contextmanager
def keeping_random_states() -> Iterator[None]:
    """Put back the states of ``random``, NumPy and torch (all devices) after the block."""
    python, numpy = random.getstate(), np.random.get_state()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        try:
            yield
        finally:
            random.setstate(python)
            np.random.set_state(numpy)
