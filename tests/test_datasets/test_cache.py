from __future__ import annotations

import numpy as np
import pytest

from mmsrkd.datasets.cache import ImageCache


def image(value: int) -> tuple[np.ndarray]:
    return (np.full((512, 1024), value, np.uint8),)  # half a megabyte


def test_keeps_the_most_recently_used_within_the_bound():
    cache = ImageCache(1.5)
    for key in "abc":
        cache.put(key, image(ord(key)))
    assert cache.get("a") is not None
    cache.put("d", image(0))
    assert [cache.get(key) is None for key in "abcd"] == [False, True, False, False]
    assert cache.used == 1.5 * 2**20


def test_what_it_holds_is_read_only():
    cache = ImageCache(1)
    cache.put("a", image(1))
    with pytest.raises(ValueError, match="read-only"):
        cache.get("a")[0][0, 0] = 2


def test_nothing_larger_than_the_bound_is_kept():
    cache = ImageCache(0.25)
    cache.put("a", image(1))
    assert len(cache) == 0
    with pytest.raises(ValueError, match="-1"):
        ImageCache(-1)
