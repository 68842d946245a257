"""What every task of a multi-task network is trained with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from mmsrkd.registry import MODELS

Images = Tensor | Sequence[Tensor]


@MODELS.register_module()
class TaskLosses(nn.Module):
    """One loss for deblurring, one for super-resolution; a task without one is not trained.

    The SR-deblur paper's are ``deblur=dict(type="SpectralL1Loss", weight=0.1)``, of the three
    scales, and ``sr=dict(type="L1Loss")``, in two phases. Samples without a truth, such as those of
    another spectrum, are left out and the mean is over the others.

    Args:
        deblur: Config of a loss of (images of all scales, truth).
        sr: Config of a loss of (image, truth).

    Raises:
        ValueError: Neither is given.
    """

    def __init__(
        self, deblur: Mapping[str, Any] | None = None, sr: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        given = {"deblur": deblur, "sr": sr}
        losses = {
            task: MODELS.build(dict(config)) for task, config in given.items() if config is not None
        }
        if not losses:
            raise ValueError(
                "TaskLosses has no task to train: give a loss for `deblur`, `sr` or both"
            )
        self.losses = nn.ModuleDict(losses)

    @property
    def tasks(self) -> tuple[str, ...]:
        """``deblur`` and ``sr``, as far as they are trained."""
        return tuple(self.losses)

    def forward(
        self,
        images: Mapping[str, Images],
        truths: Mapping[str, Tensor],
        has_gt: Sequence[bool | str] | None = None,
    ) -> dict[str, Tensor]:
        """Compare the images of every task with their truth.

        Args:
            images: By task, (N, 3, H, W) in [0, 1] or several scales of them.
            truths: By task, (N, 3, H, W) in [0, 1].
            has_gt: For each of N whether its truths are such, or the one task whose truth is;
                None for all.

        Returns:
            Scalars called ``loss_deblur`` and ``loss_sr``; 0 where no sample has a truth.
        """
        found = {}
        for task, loss in self.losses.items():
            labelled = None if has_gt is None else [entry in (True, task) for entry in has_gt]
            found[f"loss_{task}"] = self._one(loss, images[task], truths[task], labelled)
        return found

    @staticmethod
    def _one(
        loss: nn.Module, images: Images, truth: Tensor, labelled: Sequence[bool] | None
    ) -> Tensor:
        if labelled is None or all(labelled):
            return loss(images, truth)
        parts = [images] if isinstance(images, Tensor) else list(images)
        if not any(labelled):
            # still a function of the images: parameters without gradient stop distributed training
            return 0 * torch.stack([part.sum() for part in parts]).sum()
        keep = torch.tensor(list(labelled), device=truth.device)
        kept = [part[keep] for part in parts]
        return loss(kept[0] if isinstance(images, Tensor) else kept, truth[keep])
