"""VGTSR's thermal images as a super-resolution set, and VGTDB: the same, motion-blurred."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.motion_blur import BlurSettings
from mmsrkd.datasets.preparation.benchmarks import prepare_benchmarks
from mmsrkd.datasets.preparation.copying import encode, read_image, record_of, write_manifest
from mmsrkd.datasets.preparation.motion_blur import prepare_motion_blur

__all__ = ["EXPECTED_COUNTS", "find_vgtsr", "prepare_vgtsr"]

#: As the SR-deblurring paper counts them.
EXPECTED_COUNTS = {"train": 900, "test": 225}


def find_vgtsr(root: Path, folders: Mapping[str, str]) -> dict[str, dict[str, Path]]:
    """List the thermal HR images of each split by name.

    Args:
        root: the unpacked data set.
        folders: folder of the thermal HR images of each split, under ``root``. How the archive
            calls them was not to be found out, so nothing is assumed.

    Raises:
        MissingDataError: a folder is missing or has no image.
    """
    found = {}
    for split, folder in folders.items():
        place = root / folder
        images = list_images(place) if place.is_dir() else []
        if not images:
            raise MissingDataError(
                f"no images in {place.absolute()}; name the folder that has VGTSR's thermal HR "
                f"images of the {split} split with --{split}, or '' to leave the split out"
            )
        found[split] = {path.stem: path for path in images}
    return found


def prepare_vgtsr(
    splits: Mapping[str, Mapping[str, Path]],
    root: Path,
    scales: Sequence[int] = (4,),
    settings: BlurSettings | None = None,
    seed: int = 0,
    workers: int = 0,
    range_16bit: tuple[int, int] | None = None,
) -> dict[str, dict[str, Any]]:
    """Write ``deblur/VGTDB/<split>/{blur,sharp}`` and, of the test split, ``sr/VGTSR``.

    The kernels of the published VGTDB are not; these are this project's. Super-resolution trains on
    ``deblur/VGTDB/train/sharp``, which is the thermal HR set.

    Args:
        splits: from :func:`find_vgtsr`.
        root: the data root.
        scales: LR images of the test set are made for these, by MATLAB's bicubic.
        settings: of the blur.
        seed: of the kernels.
        workers: threads; 0 for none.
        range_16bit: as `LoadCheckedImage`, for raw thermal images.

    Returns:
        The manifest of each blurred split.
    """
    manifests = {}
    for split, images in splits.items():
        folder = root / "deblur" / "VGTDB" / split
        manifests[split] = prepare_motion_blur(images, folder, settings, seed, workers, range_16bit)
    if "test" in splits:
        _write_hr(splits["test"], root / "sr" / "VGTSR", range_16bit)
        prepare_benchmarks(root, ["VGTSR"], scales, workers)
    return manifests


def _write_hr(
    images: Mapping[str, Path], folder: Path, range_16bit: tuple[int, int] | None
) -> None:
    records = []
    for name, source in images.items():
        image, path = read_image(source, range_16bit), folder / "HR" / f"{name}.png"
        if not path.is_file():
            atomic_write_bytes(path, encode(image))
        records.append(record_of(path, folder, image, source.name))
    write_manifest(folder, {"source": "VGTSR", "range_16bit": range_16bit}, records)
