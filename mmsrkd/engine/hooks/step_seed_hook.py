"""Random state that depends on the step alone."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmsrkd.registry import HOOKS


@HOOKS.register_module()
class StepSeedHook(Hook):
    """Seeds Python, NumPy and torch before every training step from (seed, rank, iteration).

    Dropout masks and every other random number of a step are then the same whether the run came
    here in one go or was killed and resumed, on any rank, without storing generator states. Data
    have their own, per sample (`mmsrkd.datasets.samplers`).
    """

    priority = "VERY_HIGH"

    def before_train_iter(self, runner: Runner, batch_idx: int, data_batch: Any = None) -> None:
        """Seed the step."""
        sequence = np.random.SeedSequence([runner.seed, runner.rank, runner.iter])
        word = int(sequence.generate_state(1, np.uint32)[0])
        random.seed(word)
        np.random.seed(word)
        torch.manual_seed(word)
