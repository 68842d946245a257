"""Finding the images of DIV2K and LSDIR in the folders their archives unpack to."""

from __future__ import annotations

from pathlib import Path

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.folders import list_images

__all__ = ["EXPECTED_TREE", "find_div2k_lsdir"]

EXPECTED_TREE = """\
{root}
├── DIV2K
│   └── DIV2K_train_HR      0001.png ... 0800.png
└── LSDIR
    └── train               0001000/0000001.png ... (84,991 images in sub-folders)"""
_FOLDERS = {"DIV2K": "DIV2K/DIV2K_train_HR", "LSDIR": "LSDIR/train"}


def find_div2k_lsdir(root: Path, names: tuple[str, ...] = ("DIV2K", "LSDIR")) -> dict[str, Path]:
    """Lists the HR images, each under a name such as ``LSDIR/0001000/0000001``.

    Args:
        root: folder that holds ``DIV2K`` and ``LSDIR``.
        names: which of the two are wanted.

    Raises:
        MissingDataError: a wanted folder is missing or empty; shows the tree that is expected.
    """
    found: dict[str, Path] = {}
    missing = []
    for name in names:
        folder = root / _FOLDERS[name]
        images = list_images(folder, recursive=True) if folder.is_dir() else []
        if not images:
            missing.append(str(folder.absolute()))
        for path in images:
            found[f"{name}/{path.relative_to(folder).with_suffix('').as_posix()}"] = path
    if missing:
        raise MissingDataError(
            f"no images in {' or '.join(missing)}; unpack the archives so that the tree is\n"
            f"{EXPECTED_TREE.format(root=root.absolute())}\nor leave a set out with --sets"
        )
    return found
