"""Sorting GoPro's archive into one folder of blurred and one of sharp images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmsrkd.datasets.errors import MissingDataError, SizeMismatchError
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.preparation.copying import (
    copy_file,
    read_image,
    record_of,
    require_settings,
    write_manifest,
)
from mmsrkd.datasets.preparation.parallel import run_parallel

__all__ = ["EXPECTED_COUNTS", "EXPECTED_TREE", "GoProPair", "find_gopro", "prepare_gopro"]

EXPECTED_COUNTS = {"train": 2103, "test": 1111}
EXPECTED_TREE = "{root}/{{train,test}}/GOPR.../{{blur,blur_gamma,sharp}}/000001.png"


@dataclass(frozen=True)
class GoProPair:
    """A blurred image, its sharp partner, and where they go."""

    split: str
    name: str
    blur: Path
    sharp: Path
    target: Path


def find_gopro(
    root: Path, target: Path, splits: tuple[str, ...] = ("train", "test"), gamma: bool = False
) -> list[GoProPair]:
    """List the pairs of an unpacked GOPRO_Large.

    Args:
        root: folder with ``train`` and ``test``.
        target: where the pairs are to go.
        splits: which of the two are wanted.
        gamma: take ``blur_gamma`` (averaged in linear light) for ``blur``.

    Raises:
        MissingDataError: a split is missing, or an image has no partner.
    """
    kind = "blur_gamma" if gamma else "blur"
    pairs = []
    for split in splits:
        found = [
            GoProPair(
                split, f"{sequence.name}/{path.stem}", path, sequence / "sharp" / path.name, target
            )
            for sequence in sorted(root.glob(f"{split}/*"))
            if (sequence / kind).is_dir()
            for path in list_images(sequence / kind)
        ]
        if not found:
            tree = EXPECTED_TREE.format(root=root.absolute())
            raise MissingDataError(
                f"no {kind} images in {(root / split).absolute()}; unpack GOPRO_Large so that the "
                f"tree is {tree}, or leave the split out with --splits"
            )
        pairs += found
    for pair in pairs:
        if not pair.sharp.is_file():
            raise MissingDataError(
                f"blurred {pair.blur} has no sharp partner {pair.sharp}; unpack the archive again"
            )
    return pairs


def prepare_gopro(pairs: list[GoProPair], target: Path, workers: int = 0) -> dict[str, Any]:
    """Copy to ``{train,test}/{blur,sharp}/<sequence>/<image>``; what is there already stays.

    Args:
        pairs: from :func:`find_gopro`.
        target: output folder.
        workers: threads; 0 for none.

    Returns:
        The manifest, also written: ``pairs`` of each split, ``files``.

    Raises:
        DataError: the folder was begun with the other kind of blur.
        SizeMismatchError: a blurred image and its sharp partner differ in size.
        BrokenImageError: an image cannot be read.
    """
    kinds = {pair.blur.parent.name for pair in pairs}
    require_settings(target, {"blur": ", ".join(sorted(kinds))})
    records = [record for pair in run_parallel(_copy, pairs, workers, "pairs") for record in pair]
    splits = sorted({pair.split for pair in pairs})
    counts = {split: sum(pair.split == split for pair in pairs) for split in splits}
    return write_manifest(target, {"source": "GOPRO_Large", "pairs": counts}, records)


def _copy(pair: GoProPair) -> list[dict[str, Any]]:
    blurred, sharp = read_image(pair.blur), read_image(pair.sharp)
    require_one_size(pair.blur, blurred, pair.sharp, sharp)
    records = []
    for kind, source, image in (("blur", pair.blur, blurred), ("sharp", pair.sharp, sharp)):
        path = pair.target / pair.split / kind / f"{pair.name}{source.suffix}"
        copy_file(source, path)
        origin = f"{pair.split}/{source.parent.parent.name}/{source.parent.name}/{source.name}"
        records.append(record_of(path, pair.target, image, origin))
    return records


def require_one_size(blur: Path, blurred: Any, sharp: Path, image: Any) -> None:
    """Refuse a pair that is none.

    Raises:
        SizeMismatchError: names both files and sizes.
    """
    if blurred.shape[:2] != image.shape[:2]:
        raise SizeMismatchError(
            f"size mismatch: blurred {blur} is {blurred.shape[0]}x{blurred.shape[1]} (HxW), sharp "
            f"{sharp} is {image.shape[0]}x{image.shape[1]}; replace or remove the pair"
        )
