"""The published test sets, laid out as ``<root>/sr/<Set>/HR`` or ``<root>/<Set>/HR``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.scene_dataset import find_scenes
from mmsrkd.datasets.sr_dataset import Pipeline, SRDataset, pair_up
from mmsrkd.registry import DATASETS

__all__ = [
    "BENCHMARKS",
    "BenchmarkDataset",
    "benchmark_folder",
    "find_benchmarks",
    "select_present",
    "set_name",
]

BENCHMARKS = ("Set5", "Set14", "BSD100", "Urban100", "Manga109")
#: Where test sets that are plain folders keep their images; left out only if they have a name.
_FOLDER_KEYS = {"PairedSRDataset": ("gt_folder",), "GeneratedSRDataset": ("folders",)}
_LR_NAMES = ("{name}x{scale}", "{name}_x{scale}", "{name}")
_PREPARED_BY = "tools/dataset_converters/prepare_benchmarks.py"


@DATASETS.register_module()
class BenchmarkDataset(SRDataset):
    """One test set, each HR image cut to multiples of the scale (top left corner kept).

    The LR images are those of ``LR_bicubic/X{scale}`` beside ``HR`` when every HR image has one
    there (named ``{name}x{scale}``, ``{name}_x{scale}`` or ``{name}``); otherwise they are made
    from the HR image by the same bicubic. Greyscale images become three equal channels.

    Args:
        data_root: folder with the sets, themselves or under ``sr/``.
        name: name of the set, a folder name.
        scale: SR factor.
        pipeline: transforms; None loads, modcrops, loads or makes the LR, checks and packs.
        **common: the other arguments of :class:`SRDataset`; ``test_mode`` is on.

    Raises:
        MissingDataError: the set is not under ``data_root``, or has no image.
    """

    def __init__(
        self,
        data_root: str,
        name: str,
        scale: int,
        pipeline: Pipeline | None = None,
        **common: Any,
    ) -> None:
        self.name = name
        root = Path(data_root).expanduser().absolute()
        self.hr_folder = (benchmark_folder(root, name) or root / "sr" / name) / "HR"
        self.lr_files = _find_lr(self.hr_folder, scale) if pipeline is None else {}
        common.setdefault("prepared_by", _PREPARED_BY)
        common.setdefault("test_mode", True)
        super().__init__(
            data_root=data_root,
            pipeline=_pipeline(bool(self.lr_files)) if pipeline is None else pipeline,
            scale=scale,
            **common,
        )

    def load_data_list(self) -> list[dict[str, Any]]:
        """Every HR image, with its LR file where the set has them."""
        images = self._images(str(self.hr_folder), f"name={self.name!r}, folder")
        entries = []
        for path in images:
            entry = {"key": path.stem, "gt_path": str(path), "scale": self.scale}
            if self.lr_files:
                entry["img_path"] = str(self.lr_files[path])
            entries.append(entry)
        return entries


def find_benchmarks(
    root: str | Path, names: Sequence[str] = BENCHMARKS
) -> tuple[list[str], list[str]]:
    """Tells which test sets are under a data root.

    Args:
        root: the data root.
        names: sets to look for.

    Returns:
        Names of the sets that are there (an ``HR`` folder with at least one image), and of the
        others, both in the order given.
    """
    found = {name for name in names if benchmark_folder(Path(root).expanduser(), name)}
    return [name for name in names if name in found], [name for name in names if name not in found]


def select_present(
    dataloaders: Sequence[Any], evaluators: Sequence[Any]
) -> tuple[list[Any], list[Any], list[str]]:
    """Leaves out the configured test sets that are not there.

    Args:
        dataloaders: ``test_dataloader`` of a config, one per set; other dataset types stay.
        evaluators: ``test_evaluator``, in the same order.

    Returns:
        The dataloaders and evaluators that remain, and the names of the missing sets.

    Raises:
        MissingDataError: none remains.
    """
    loaders, kept, missing, roots = [], [], [], []
    for loader, evaluator in zip(dataloaders, evaluators, strict=True):
        dataset = loader["dataset"]
        absent = _absent(dataset)
        if absent:
            roots.append(str(Path(dataset["data_root"]).expanduser().absolute()))
            missing.append(set_name(dataset, evaluator) or absent)
            continue
        loaders.append(loader)
        kept.append(evaluator)
    if not loaders:
        raise MissingDataError(
            f"none of the test sets {', '.join(missing)} is under "
            f"{' or '.join(sorted(set(roots)))}; set $MMSRKD_DATA to the folder that has "
            f"sr/<Set>/HR, or see {_PREPARED_BY}"
        )
    return loaders, kept, missing


def set_name(dataset: Any, evaluator: Any) -> str | None:
    """What a configured test set is called: the prefix of its results, or its own name.

    One folder may be several sets, such as a benchmark as it is and blurred.
    """
    metrics = evaluator.get("metrics") if isinstance(evaluator, Mapping) else None
    first = metrics[0] if isinstance(metrics, list | tuple) and metrics else metrics
    prefix = first.get("prefix") if isinstance(first, Mapping) else None
    return prefix or dataset.get("name")


def _absent(dataset: Any) -> str | None:
    """Name of a configured test set, or scene, that is not there."""
    kind = str(dataset["type"]).rpartition(".")[2]
    if kind == "BenchmarkDataset":
        return next(iter(find_benchmarks(dataset["data_root"], [dataset["name"]])[1]), None)
    if kind == "SceneDataset" and isinstance(dataset.get("scenes"), str):
        folder = Path(dataset["data_root"]).expanduser() / dataset["folder"]
        scene = dataset["scenes"]
        return None if scene in find_scenes(folder) else dataset.get("name", scene)
    if kind in _FOLDER_KEYS and dataset.get("name"):
        root = Path(dataset["data_root"]).expanduser()
        folders = [f for key in _FOLDER_KEYS[kind] for f in _as_list(dataset[key])]
        return None if all((root / folder).is_dir() for folder in folders) else dataset["name"]
    return None


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def benchmark_folder(root: Path, name: str) -> Path | None:
    """The folder of a set that has HR images, if there is one."""
    for folder in (root / "sr" / name, root / name):
        hr_folder = folder / "HR"
        if hr_folder.is_dir() and list_images(hr_folder):
            return folder
    return None


def _find_lr(hr_folder: Path, scale: int) -> dict[Path, Path]:
    """LR file of every HR image, or nothing unless all have one."""
    lr_folder = hr_folder.parent / "LR_bicubic" / f"X{scale}"
    if not hr_folder.is_dir() or not lr_folder.is_dir():
        return {}
    images = list_images(hr_folder)
    for img_name in _LR_NAMES:
        pairs = pair_up(images, hr_folder, lr_folder, img_name, scale)
        if len(pairs) == len(images):
            return pairs
    return {}


def _pipeline(has_lr: bool) -> list[dict[str, Any]]:
    make_lr = [{"type": "LoadCheckedImage", "key": "img"}] if has_lr else [{"type": "GenerateLR"}]
    return [
        {"type": "LoadCheckedImage", "key": "gt"},
        {"type": "ModCrop", "key": "gt"},
        *make_lr,
        {"type": "CheckPair"},
        {"type": "PackInputs", "meta_keys": ["gt_is_grey"]},
    ]
