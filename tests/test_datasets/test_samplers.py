from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmengine.runner.loops import _InfiniteDataloaderIterator
from torch.utils.data import DataLoader

from mmsrkd.datasets import samplers
from mmsrkd.datasets.samplers import ResumableInfiniteSampler


def take(sampler: ResumableInfiniteSampler, count: int) -> list[tuple[int, int]]:
    return [(int(draw), draw.position) for draw in itertools.islice(sampler, count)]


@given(st.integers(1, 13), st.integers(0, 60), st.booleans())
def test_skip_equals_uninterrupted(size, skipped, shuffle):
    sampler = ResumableInfiniteSampler(range(size), shuffle=shuffle, seed=3)
    whole = take(sampler, skipped + 20)
    sampler.skip(skipped)
    assert take(sampler, 20) == whole[skipped:]
    sampler.skip(skipped)  # absolute, not relative
    assert take(sampler, 20) == whole[skipped:]


def test_the_training_loop_skips_through_it_on_resume():
    loader = DataLoader(
        range(11), batch_size=4, sampler=ResumableInfiniteSampler(range(11), seed=2)
    )
    whole = [batch.tolist() for batch in itertools.islice(loader, 9)]
    resumed = _InfiniteDataloaderIterator(loader)
    resumed.skip_iter(5)
    assert [next(resumed).tolist() for _ in range(4)] == whole[5:]


def test_every_pass_is_a_new_permutation():
    indices = [index for index, _ in take(ResumableInfiniteSampler(range(10), seed=0), 30)]
    passes = [indices[start : start + 10] for start in (0, 10, 20)]
    assert all(sorted(one) == list(range(10)) for one in passes)
    assert passes[0] != passes[1] != passes[2]


@pytest.mark.parametrize("world_size", [2, 3])
def test_ranks_share_one_global_sequence(monkeypatch, world_size):
    single = take(ResumableInfiniteSampler(range(7), seed=1), 24)
    merged = {}
    for rank in range(world_size):
        monkeypatch.setattr(samplers, "get_dist_info", lambda rank=rank: (rank, world_size))
        sampler = ResumableInfiniteSampler(range(7), seed=1)
        part = take(sampler, 24 // world_size)
        assert [position for _, position in part] == list(range(rank, 24, world_size))
        sampler.skip(4)
        assert take(sampler, 3) == part[4:7]
        merged.update({position: index for index, position in part})
    assert [(merged[position], position) for position in range(24)] == single


def test_a_far_position_costs_no_more_than_a_near_one():
    sampler = ResumableInfiniteSampler(range(1000), seed=0)
    sampler.skip(10**12)
    start = time.perf_counter()
    assert take(sampler, 1)[0][1] == 10**12
    assert time.perf_counter() - start < 0.5


def test_bad_input():
    with pytest.raises(ValueError, match="length 0"):
        ResumableInfiniteSampler([], seed=0)
    with pytest.raises(ValueError, match="-1"):
        ResumableInfiniteSampler([1], seed=0).skip(-1)
