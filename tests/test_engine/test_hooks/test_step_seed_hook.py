from __future__ import annotations

import random
from types import SimpleNamespace

import numpy as np
import torch

from mmsrkd.engine import StepSeedHook


def drawn(seed: int, rank: int, iteration: int) -> tuple[float, float, float]:
    runner = SimpleNamespace(seed=seed, rank=rank, iter=iteration)
    StepSeedHook().before_train_iter(runner, batch_idx=0)
    return random.random(), float(np.random.rand()), float(torch.rand(1))


def test_randomness_is_a_function_of_seed_rank_and_iteration() -> None:
    first = drawn(0, 0, 5)
    drawn(3, 1, 2)
    assert drawn(0, 0, 5) == first
    others = [drawn(1, 0, 5), drawn(0, 1, 5), drawn(0, 0, 6), drawn(5, 0, 0), drawn(0, 5, 0)]
    assert len({first, *others}) == 6
