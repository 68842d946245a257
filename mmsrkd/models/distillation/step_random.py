"""Random numbers of a step that nobody else misses."""

from __future__ import annotations

import numpy as np
import torch
from mmengine.logging import MessageHub


def step_generator(purpose: int) -> torch.Generator:
    """Return a CPU generator that depends on the step and on ``purpose`` alone.

    Its seed is made from that of torch's generator, which `StepSeedHook` sets from (seed, rank,
    step), and from the step's number. Drawing from it moves no other random number: dropout and
    augmentation stay those of a run without it, and a resumed run draws the same.

    Args:
        purpose: A number of its own for every kind of draw.
    """
    step = MessageHub.get_current_instance().get_info("iter", 0) or 0
    words = [torch.initial_seed() % 2**63, int(step), purpose]
    seed = int(np.random.SeedSequence(words).generate_state(1, np.uint64)[0] % 2**63)
    return torch.Generator().manual_seed(seed)
