"""A training set that every installation has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mmsrkd.datasets.sample_images import write_sample_images
from mmsrkd.datasets.sr_dataset import GeneratedSRDataset
from mmsrkd.registry import DATASETS

__all__ = ["SampleSRDataset"]


@DATASETS.register_module()
class SampleSRDataset(GeneratedSRDataset):
    """The training half of scikit-image's pictures, written to ``data_root`` on first use.

    For ``*_debug.py`` configs: they run on a fresh clone, with nothing prepared.

    Args:
        data_root: where the pictures go.
        **common: the other arguments of :class:`GeneratedSRDataset`; ``folders`` is ``train``.
    """

    def __init__(self, data_root: str, **common: Any) -> None:
        if not (Path(data_root).expanduser() / "manifest.json").is_file():
            write_sample_images(data_root)
        common.setdefault("folders", "train")
        super().__init__(data_root=data_root, **common)
