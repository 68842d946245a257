"""Source samples, each with an image of the domain a network is to be adapted to."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor
from torch.utils.data import Dataset

from mmsrkd.datasets.draws import Draw
from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.registry import DATASETS

__all__ = ["DomainPairDataset"]

#: Keeps the target's order and crops apart from the source's.
_TARGET_STREAM = 1


@DATASETS.register_module()
class DomainPairDataset(Dataset):
    """The source set, with one target image added to every sample.

    A batch is then always half source, half target, and the target, taken in permuted passes of its
    own, is used up at its own pace. Length, order and crops of the source are those of the source
    set alone, so that a run with adaptation sees what the run without it sees. A model that knows
    nothing of domains can train on this set too; it takes the source.

    A sample's ``inputs`` are ``img`` and ``target_img``; its data sample is the source's, with the
    target's truth as ``target_gt_img`` if ``labelled``.

    Args:
        source: config of the set with truth, or the set.
        target: the same of the other domain. Where its samples have a truth that is not wanted, it
            is dropped here, so that it cannot be trained on by mistake.
        labelled: keep the target's truth.

    Raises:
        MissingDataError: the target set is empty.
        ValueError: a truth is wanted that the target does not have, or its samples hold several
            images.
    """

    def __init__(
        self,
        source: dict[str, Any] | Dataset,
        target: dict[str, Any] | Dataset,
        labelled: bool = False,
    ) -> None:
        self.source: Any = DATASETS.build(source) if isinstance(source, dict) else source
        self.target = _build_target(target)
        self.labelled = labelled

    @property
    def metainfo(self) -> dict[str, Any]:
        """The source's."""
        return self.source.metainfo

    def full_init(self) -> None:
        """List the folders of both sets, if that was put off."""
        for dataset in (self.source, self.target):
            if hasattr(dataset, "full_init"):
                dataset.full_init()

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, idx: int) -> dict[str, Any]:
        """The source's sample at ``idx``, joined by a target image that follows from the draw."""
        sample, partner = self.source[idx], self.target[self._partner(idx)]
        image = partner["inputs"]
        if not isinstance(image, Tensor) or not isinstance(sample["inputs"], Tensor):
            raise ValueError(
                "DomainPairDataset joins samples with one input image each; pack `img` alone"
            )
        joined = sample["data_samples"]
        order = partner["data_samples"].metainfo.get("img_channel_order", "rgb")
        joined.set_metainfo({"target_img_channel_order": order})
        if self.labelled:
            _add_truth(joined, partner["data_samples"])
        return {
            "inputs": {"img": sample["inputs"], "target_img": image},
            "data_samples": joined,
        }

    def _partner(self, idx: int) -> int:
        size = len(self.target)
        if not isinstance(idx, Draw):
            return int(idx) % size
        seed = int(np.random.SeedSequence([idx.seed, _TARGET_STREAM]).generate_state(1)[0])
        turn, place = divmod(idx.position, size)
        order = np.random.default_rng([seed, turn]).permutation(size)
        return Draw(int(order[place]), idx.position, seed)


def _build_target(target: dict[str, Any] | Dataset) -> Any:
    try:
        built: Any = DATASETS.build(target) if isinstance(target, dict) else target
        size = len(built)
    except MissingDataError as error:
        raise MissingDataError(f"the target set of domain adaptation: {error}") from None
    if size == 0:
        raise MissingDataError(
            f"the target set of domain adaptation ({type(built).__name__}) has no image; check its "
            "folders, or train without `adapt`"
        )
    return built


def _add_truth(joined: Any, partner: Any) -> None:
    fields = {key: partner.get(key) for key in partner.keys()}  # noqa: SIM118
    if "gt_img" not in fields:
        raise ValueError(
            "DomainPairDataset: labelled=True and the target's samples have no gt_img; give a "
            "target set with HR images, or set labelled=False"
        )
    for key, value in fields.items():
        given = "gt_channel_order" if key == "gt_img" else f"{key}_channel_order"
        order = partner.metainfo.get(given, "rgb")
        joined.set_field(value, f"target_{key}")
        joined.set_metainfo({f"target_{key}_channel_order": order})
    if "has_gt" in partner.metainfo:
        joined.set_metainfo({"target_has_gt": partner.metainfo["has_gt"]})
