"""Training sets for super-resolution: LR and HR folders, or HR folders alone."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from mmengine.dataset import BaseDataset
from mmengine.logging import print_log

from mmsrkd.datasets.draws import seeded
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError
from mmsrkd.datasets.folders import list_images, require_folder
from mmsrkd.datasets.pipelines import training_pipeline
from mmsrkd.registry import DATASETS, TRANSFORMS

__all__ = ["GeneratedSRDataset", "PairedSRDataset", "SRDataset"]

Pipeline = Sequence[dict[str, Any] | Callable[[dict[str, Any]], Any]]


class SRDataset(BaseDataset):
    """What the SR datasets share: sorted listing, seeded draws, broken images.

    An item asked for with a :class:`~mmsrkd.datasets.draws.Draw` is made with random generators
    seeded from that draw; a plain index uses whatever state they are in.

    Args:
        data_root: folder that relative folders are taken from.
        scale: SR factor.
        pipeline: transforms; they find ``gt_path``, ``scale``, ``key`` and perhaps ``img_path``.
            None takes :func:`~mmsrkd.datasets.pipelines.training_pipeline` with ``lr_patch``.
        lr_patch: side of the LR patch of that pipeline; not to be given beside another.
        cache_mb: its cache; not to be given beside another either.
        test_mode: evaluate rather than train.
        skip_broken: an unreadable image is logged once and the next one taken in its place, instead
            of an error. Not allowed in ``test_mode``, where it would change the measured mean.
        prepared_by: the script that makes the data, named when it is missing.
        indices: use only the first so many images, or these.
        metainfo: added to the dataset's meta information.
        lazy_init: list the folders at first use.

    Raises:
        ValueError: bad scale, no index, or ``skip_broken`` together with ``test_mode``.
        MissingDataError: a folder or an LR partner is missing.
    """

    METAINFO: ClassVar[dict[str, Any]] = {"dataset_type": "sr_dataset", "task_name": "sisr"}
    #: Whether the entries name LR files.
    HAS_LR: ClassVar[bool] = False

    def __init__(
        self,
        data_root: str,
        scale: int,
        pipeline: Pipeline | None = None,
        lr_patch: int | None = None,
        cache_mb: float = 0,
        test_mode: bool = False,
        skip_broken: bool = False,
        prepared_by: str | None = None,
        indices: int | Sequence[int] | None = None,
        metainfo: Mapping[str, Any] | None = None,
        lazy_init: bool = False,
    ) -> None:
        if scale < 1:
            raise ValueError(f"scale must be a positive integer, got {scale!r}")
        if skip_broken and test_mode:
            raise ValueError(
                "skip_broken=True would change a test result; use it for training only"
            )
        if indices is not None and (indices == 0 or indices == []):
            raise ValueError(f"indices={indices!r} leaves no image; leave it out for all of them")
        if pipeline is None:
            if lr_patch is None:
                raise ValueError("give a pipeline, or lr_patch for the usual training pipeline")
            pipeline = training_pipeline(self.HAS_LR, lr_patch, cache_mb)
        elif lr_patch is not None or cache_mb:
            raise ValueError(
                "lr_patch and cache_mb belong to the usual pipeline; with a pipeline of your own, "
                "set them on its PairedPatchCrop and loading transforms"
            )
        self.scale = int(scale)
        self.skip_broken = skip_broken
        self.prepared_by = prepared_by
        self._reported: set[int] = set()
        super().__init__(
            data_root=str(Path(data_root).expanduser()),
            data_prefix={},
            pipeline=[TRANSFORMS.build(t) if isinstance(t, dict) else t for t in pipeline],
            test_mode=test_mode,
            indices=indices,
            metainfo=metainfo,
            lazy_init=lazy_init,
        )

    @abstractmethod
    def load_data_list(self) -> list[dict[str, Any]]:
        """One dict per image: ``key``, ``gt_path``, ``scale`` and perhaps ``img_path``."""

    def __getitem__(self, idx: int) -> dict[str, Any]:
        """The sample at ``idx``, augmented from the draw's seed if ``idx`` is a draw.

        Raises:
            BrokenImageError: the image cannot be read, or with ``skip_broken`` none can.
        """
        size = len(self)
        if not -size <= idx < size:
            raise IndexError(f"index {int(idx)} is outside the dataset of {size} images")
        with seeded(idx):
            return self._readable(int(idx) % size)

    def _readable(self, start: int) -> dict[str, Any]:
        """The sample at ``start``, or the nearest after it that can be read."""
        size = len(self)
        for index in range(start, start + size):
            try:
                return super().__getitem__(index % size)
            except BrokenImageError as error:
                if not self.skip_broken:
                    raise
                self._report(index % size, error)
        raise BrokenImageError(f"none of the {size} images can be read; check {self.data_root}")

    def _report(self, index: int, error: BrokenImageError) -> None:
        if index not in self._reported:
            self._reported.add(index)
            cause = str(error).partition(";")[0]
            print_log(f"{cause}; skipped (skip_broken)", logger="current", level=logging.WARNING)

    def _folder(self, folder: str) -> Path:
        return Path(self.data_root) / Path(folder).expanduser()

    def _images(self, folder: str, config_key: str, recursive: bool = False) -> list[Path]:
        key = f"{config_key}={folder!r} under data_root={self.data_root!r}"
        return require_folder(self._folder(folder), key, self.prepared_by, recursive)


@DATASETS.register_module()
class GeneratedSRDataset(SRDataset):
    """HR images of one or more folders; the pipeline makes the LR image (``GenerateLR``).

    Args:
        folders: HR folders under ``data_root``; every one has to hold images.
        recursive: look into their sub-folders.
        name: what it is called as one of several test sets.
        **common: the arguments of :class:`SRDataset`.
    """

    def __init__(
        self,
        folders: str | Sequence[str] = "",
        recursive: bool = False,
        name: str | None = None,
        **common: Any,
    ) -> None:
        self.name = name
        self.folders = [folders] if isinstance(folders, str) else list(folders)
        self.recursive = recursive
        super().__init__(**common)

    def load_data_list(self) -> list[dict[str, Any]]:
        """All images, folder by folder, sorted within each."""
        return [
            {"key": path.stem, "gt_path": str(path), "scale": self.scale}
            for folder in self.folders
            for path in self._images(folder, "folders", self.recursive)
        ]


@DATASETS.register_module()
class PairedSRDataset(SRDataset):
    """An HR folder and an LR folder with one partner for each image.

    Args:
        scale: SR factor.
        gt_folder: HR folder under ``data_root``, or several.
        img_folder: LR folder under ``data_root``; may hold ``{scale}``: ``LR_bicubic/X{scale}``.
            One for each HR folder.
        img_name: file name of the LR partner without suffix, made from the HR ``{name}`` and
            ``{scale}``; ``{name}x{scale}`` for the usual benchmark files.
        recursive: look into sub-folders; the LR tree mirrors the HR one.
        name: what it is called as one of several test sets.
        **common: the other arguments of :class:`SRDataset`.
    """

    HAS_LR: ClassVar[bool] = True

    def __init__(
        self,
        scale: int,
        gt_folder: str | Sequence[str],
        img_folder: str | Sequence[str],
        img_name: str = "{name}",
        recursive: bool = False,
        name: str | None = None,
        **common: Any,
    ) -> None:
        self.name = name
        self.gt_folders = [gt_folder] if isinstance(gt_folder, str) else list(gt_folder)
        folders = [img_folder] if isinstance(img_folder, str) else list(img_folder)
        self.img_folders = [folder.format(scale=scale) for folder in folders]
        if len(self.gt_folders) != len(self.img_folders):
            raise ValueError(
                f"{len(self.gt_folders)} gt_folder but {len(self.img_folders)} img_folder; name "
                "one LR folder for each HR folder"
            )
        self.img_name = img_name
        self.recursive = recursive
        super().__init__(scale=scale, **common)

    def load_data_list(self) -> list[dict[str, Any]]:
        """Every HR image with its LR partner.

        Raises:
            MissingDataError: an HR image has no partner; the first is named and all are counted.
        """
        folders = zip(self.gt_folders, self.img_folders, strict=True)
        return [entry for gt, img in folders for entry in self._load_folder(gt, img)]

    def _load_folder(self, gt_folder: str, img_folder: str) -> list[dict[str, Any]]:
        images = self._images(gt_folder, "gt_folder", self.recursive)
        self._images(img_folder, "img_folder", self.recursive)
        root, lr_root = self._folder(gt_folder), self._folder(img_folder)
        partners = pair_up(images, root, lr_root, self.img_name, self.scale, self.recursive)
        alone = [path for path in images if path not in partners]
        if alone:
            expected = self.img_name.format(name=alone[0].stem, scale=self.scale)
            raise MissingDataError(
                f"{len(alone)} of {len(images)} HR images have no LR partner, first {alone[0]}: no "
                f"{expected}.* in {lr_root.absolute()}; correct img_name or remake the LR folder"
            )
        return [
            {
                "key": path.stem,
                "gt_path": str(path),
                "img_path": str(partners[path]),
                "scale": self.scale,
            }
            for path in images
        ]


def pair_up(
    images: Sequence[Path],
    root: Path,
    lr_root: Path,
    img_name: str,
    scale: int,
    recursive: bool = False,
) -> dict[Path, Path]:
    """Finds the LR file of each HR image by relative folder and name, whatever its suffix."""
    by_name = {
        path.relative_to(lr_root).with_suffix(""): path for path in list_images(lr_root, recursive)
    }
    pairs = {}
    for path in images:
        name = img_name.format(name=path.stem, scale=scale)
        partner = by_name.get(path.relative_to(root).parent / name)
        if partner is not None:
            pairs[path] = partner
    return pairs
