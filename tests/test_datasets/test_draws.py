from __future__ import annotations

import pickle
import random

import numpy as np
import torch

from mmsrkd.datasets.draws import Draw, seeded


def numbers() -> tuple[float, float, float]:
    return random.random(), np.random.random(), torch.rand(1).item()


def test_draw_is_an_index_that_survives_pickling_and_offsets():
    draw = Draw(7, position=1234, seed=5)
    copy = pickle.loads(pickle.dumps(draw))
    assert list(range(10))[draw] == 7
    assert (int(copy), copy.position, copy.seed) == (7, 1234, 5)
    for moved, index in ((draw - 4, 3), (draw + 1, 8), (draw % 5, 2)):
        assert (int(moved), moved.position, moved.seed) == (index, 1234, 5)


def test_seeded_depends_on_seed_and_position_only():
    def drawn(index: int, position: int, seed: int) -> tuple[float, float, float]:
        with seeded(Draw(index, position, seed)):
            return numbers()

    assert drawn(0, 3, 1) == drawn(9, 3, 1)
    others = [drawn(0, 4, 1), drawn(0, 3, 2), drawn(0, 1, 3)]
    assert len({drawn(0, 3, 1), *others}) == 4


def test_seeded_restores_all_generators():
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    expected = [numbers(), numbers()]
    random.seed(1)
    np.random.seed(1)
    torch.manual_seed(1)
    result = [numbers()]
    with seeded(Draw(0, 0, 0)):
        numbers()
    result.append(numbers())
    assert result == expected


def test_plain_index_leaves_the_generators_running():
    random.seed(1)
    first = random.random()
    random.seed(1)
    with seeded(3):
        assert random.random() == first
