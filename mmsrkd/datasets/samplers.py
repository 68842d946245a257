"""The order in which training samples are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sized

import numpy as np
from mmengine.dist import get_dist_info, sync_random_seed
from torch.utils.data import Sampler

from mmsrkd.datasets.draws import Draw
from mmsrkd.registry import DATA_SAMPLERS

__all__ = ["ResumableInfiniteSampler"]


@DATA_SAMPLERS.register_module()
class ResumableInfiniteSampler(Sampler[int]):
    """Endless shuffled passes over a dataset that can start at any position at once.

    The run is one global sequence of samples, numbered from 0; rank r of w takes r, r + w, ... Each
    pass over the dataset is a permutation made from (seed, number of the pass), so starting at
    position p costs one permutation, however large p is. What is yielded are
    :class:`~mmsrkd.datasets.draws.Draw` objects, from which the dataset derives each sample's
    random augmentation.

    Args:
        dataset: what is sampled; only its length is used.
        shuffle: a new order each pass; False gives the dataset's own order.
        seed: seed of order and augmentation, the same on every rank. None agrees on a random one.

    Raises:
        ValueError: the dataset is empty.
    """

    def __init__(self, dataset: Sized, shuffle: bool = True, seed: int | None = None) -> None:
        if len(dataset) == 0:
            raise ValueError("cannot sample from a dataset of length 0; check its folders")
        self.rank, self.world_size = get_dist_info()
        self.dataset = dataset
        self.shuffle = shuffle
        self.seed = int(sync_random_seed() if seed is None else seed)
        self.start = 0

    def __iter__(self) -> Iterator[int]:
        size = len(self.dataset)
        position = self.rank + self.start * self.world_size
        epoch, order = -1, np.empty(0, dtype=np.int64)
        while True:
            if position // size != epoch:
                epoch = position // size
                order = self._order(epoch)
            yield Draw(int(order[position % size]), position, self.seed)
            position += self.world_size

    def _order(self, epoch: int) -> np.ndarray:
        size = len(self.dataset)
        if not self.shuffle:
            return np.arange(size)
        return np.random.default_rng([self.seed, epoch]).permutation(size)

    def skip(self, num_samples: int) -> None:
        """Makes the next iteration start after the first ``num_samples`` samples of this rank.

        The count is absolute, from the start of the run, as mmengine's training loop gives it when
        a run is resumed.
        """
        if num_samples < 0:
            raise ValueError(f"num_samples must not be negative, got {num_samples}")
        self.start = int(num_samples)

    def __len__(self) -> int:
        """Length of one pass over the dataset, although iteration never ends."""
        return len(self.dataset)

    def set_epoch(self, epoch: int) -> None:
        """Does nothing: the position alone decides the order."""
