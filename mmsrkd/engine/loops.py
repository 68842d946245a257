"""Training loops."""

from __future__ import annotations

import math
from collections.abc import Sized
from typing import Any, cast

from mmengine.runner import IterBasedTrainLoop, Runner
from torch.utils.data import DataLoader

from mmsrkd.registry import LOOPS


@LOOPS.register_module()
class EpochLengthTrainLoop(IterBasedTrainLoop):
    """Iteration-based training whose length is given in epochs.

    Papers count passes over the data; iteration-based loops resume at any step. The number of steps
    is ``ceil(max_epochs * len(dataset) / (batch size * processes))``.

    Args:
        runner: As `IterBasedTrainLoop`.
        dataloader: As `IterBasedTrainLoop`.
        max_epochs: Passes over the data.
        **kwargs: As `IterBasedTrainLoop`, without ``max_iters``.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: DataLoader | dict[str, Any],
        max_epochs: int,
        **kwargs: Any,
    ) -> None:
        if max_epochs <= 0:
            raise ValueError(f"max_epochs must be positive, got {max_epochs}")
        # the parent wants the number of steps, which takes the data set: built here, handed on
        if isinstance(dataloader, dict):
            dataloader = runner.build_dataloader(dataloader, seed=runner.seed)
        assert isinstance(dataloader, DataLoader)
        samples = len(cast(Sized, dataloader.dataset))
        steps = math.ceil(max_epochs * samples / ((dataloader.batch_size or 1) * runner.world_size))
        super().__init__(runner, dataloader, max_iters=steps, **kwargs)
        runner.logger.info(f"{max_epochs} epochs of {samples} samples: {steps} steps")
