"""Sample indices that carry their place in the run, and the randomness derived from it.

Random augmentation is usually drawn from generators that live as long as a process, so a resumed
run, or one with another number of workers, sees other crops. Here each sample's randomness is a
function of (seed, position) alone, where the position is the sample's global number in the run:
whoever computes it, and whenever, the crop is the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import SupportsIndex

import numpy as np
import torch

__all__ = ["Draw", "seeded"]


class Draw(int):
    """A dataset index that remembers which sample of the run it is.

    It behaves as the plain index everywhere; offset arithmetic (``draw - start``,
    ``draw % length``) keeps the position, which is what carries it through mmengine's
    ``ConcatDataset`` and ``RepeatDataset``. A wrapper that looks the index up in a table of its own
    loses it.

    Args:
        index: index into the dataset.
        position: global number of the sample in the run, from 0.
        seed: seed of the run.
    """

    position: int
    seed: int

    def __new__(cls, index: int, position: int, seed: int) -> Draw:
        """Makes the integer ``index`` and attaches the rest."""
        draw = super().__new__(cls, index)
        draw.position = position
        draw.seed = seed
        return draw

    def __reduce__(self) -> tuple[type[Draw], tuple[int, int, int]]:
        return Draw, (int(self), self.position, self.seed)

    def __repr__(self) -> str:
        return f"Draw({int(self)}, position={self.position}, seed={self.seed})"

    def moved_to(self, index: int) -> Draw:
        """The same draw for another index."""
        return Draw(index, self.position, self.seed)

    def __add__(self, other: int) -> Draw:
        return self.moved_to(int(self) + int(other))

    def __sub__(self, other: int) -> Draw:
        return self.moved_to(int(self) - int(other))

    def __mod__(self, other: SupportsIndex) -> Draw:
        return self.moved_to(int(self) % int(other))


@contextmanager
def seeded(draw: int) -> Iterator[None]:
    """Seeds ``random``, NumPy and torch's CPU generator from a draw, and puts them back after.

    A plain index changes nothing. Only the CPU generator of torch is touched: seeding the others
    would disturb the training process when the samples are made inside it.
    """
    if not isinstance(draw, Draw):
        yield
        return
    states = random.getstate(), np.random.get_state(), torch.default_generator.get_state()
    words = np.random.SeedSequence([draw.seed, draw.position]).generate_state(3)
    random.seed(int(words[0]))
    np.random.seed(int(words[1]))
    torch.default_generator.manual_seed(int(words[2]))
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.default_generator.set_state(states[2])
