"""Looking into dataset folders, with errors that say what to do."""

from __future__ import annotations

from pathlib import Path

from mmsrkd.datasets.errors import MissingDataError

__all__ = ["IMAGE_SUFFIXES", "list_images", "require_folder"]

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff", ".webp"})


def list_images(folder: Path, recursive: bool = False) -> list[Path]:
    """Image files of a folder in sorted order, so that an index means the same file everywhere."""
    found = folder.rglob("*") if recursive else folder.iterdir()
    return sorted(path for path in found if path.suffix.lower() in IMAGE_SUFFIXES)


def require_folder(
    folder: Path,
    config_key: str,
    prepared_by: str | None = None,
    recursive: bool = False,
    fix: str = "set $MMSRKD_DATA or data_root to the folder that has it",
) -> list[Path]:
    """Lists the images of a folder that has to have some.

    Args:
        folder: where to look.
        config_key: the setting that named it, for the message.
        prepared_by: the script that makes the folder, for the message.
        recursive: look into sub-folders too.
        fix: what to do, for the message.

    Raises:
        MissingDataError: the folder is missing or holds no image; names the absolute path.
    """
    images = list_images(folder, recursive) if folder.is_dir() else []
    if images:
        return images
    cause = "holds no image" if folder.is_dir() else "does not exist"
    if prepared_by:
        fix += f", or make it with {prepared_by}"
    raise MissingDataError(f"dataset folder {folder.absolute()} {cause} ({config_key}); {fix}")
