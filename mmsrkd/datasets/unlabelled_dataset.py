"""Images without a truth: the target of domain adaptation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mmsrkd.datasets.sr_dataset import Pipeline, SRDataset
from mmsrkd.registry import DATASETS

__all__ = ["UnlabelledDataset"]


@DATASETS.register_module()
class UnlabelledDataset(SRDataset):
    """Images of one or more folders as they are, for lack of anything better to compare them with.

    Args:
        folders: folders under ``data_root``; every one has to hold images.
        patch: side of the random patch in pixels, at the size the network is fed.
        cache_mb: keep this many megabytes of decoded images in each worker's memory.
        recursive: look into sub-folders.
        range_16bit: as `LoadCheckedImage`.
        grey: make three equal channels of colour images.
        pipeline: your own transforms instead of those that follow from ``patch``, ``cache_mb``,
            ``range_16bit`` and ``grey``; it finds ``img_path``.
        **common: the other arguments of :class:`SRDataset`; ``scale`` is 1.
    """

    def __init__(
        self,
        folders: str | Sequence[str] = "",
        patch: int | None = None,
        cache_mb: float = 0,
        recursive: bool = False,
        range_16bit: tuple[int, int] | None = None,
        grey: bool = False,
        pipeline: Pipeline | None = None,
        **common: Any,
    ) -> None:
        self.folders = [folders] if isinstance(folders, str) else list(folders)
        self.recursive = recursive
        if (pipeline is None) == (patch is None):
            raise ValueError("UnlabelledDataset: give either patch or a pipeline of your own")
        if pipeline is None:
            assert patch is not None
            pipeline = _usual(patch, cache_mb, range_16bit, grey)
        super().__init__(scale=common.pop("scale", 1), pipeline=pipeline, **common)

    def load_data_list(self) -> list[dict[str, Any]]:
        """All images, folder by folder, sorted within each."""
        return [
            {"key": path.stem, "img_path": str(path), "scale": self.scale}
            for folder in self.folders
            for path in self._images(folder, "folders", self.recursive)
        ]


def _usual(
    patch: int, cache_mb: float, range_16bit: tuple[int, int] | None, grey: bool
) -> list[dict[str, Any]]:
    load = {
        "type": "LoadCheckedImage",
        "key": "img",
        "cache_mb": cache_mb,
        "range_16bit": range_16bit,
    }
    return [
        load,
        {"type": "PairedPatchCrop", "lr_patch": patch, "alone": True},
        *([{"type": "EqualGrey", "keys": ("img",)}] if grey else []),
        {"type": "Flip", "keys": ["img"], "direction": "horizontal"},
        {"type": "Flip", "keys": ["img"], "direction": "vertical"},
        {"type": "RandomTransposeHW", "keys": ["img"]},
        {"type": "PackInputs"},
    ]
