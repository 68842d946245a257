"""Completing the benchmark sets with their bicubic LR images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.benchmark_dataset import BENCHMARKS, benchmark_folder
from mmsrkd.datasets.errors import BrokenImageError, MissingDataError
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.preparation.parallel import run_parallel
from mmsrkd.datasets.resize import matlab_resize, modcrop

__all__ = ["EXPECTED_COUNTS", "EXPECTED_TREE", "SetReport", "prepare_benchmarks"]

EXPECTED_COUNTS = {"Set5": 5, "Set14": 14, "BSD100": 100, "Urban100": 100, "Manga109": 109}
EXPECTED_TREE = """\
{root}
└── sr
    ├── Set5
    │   ├── HR                  baby.png ...
    │   └── LR_bicubic/X2       babyx2.png ... (made where absent)
    ├── Set14/HR
    ├── BSD100/HR
    ├── Urban100/HR
    └── Manga109/HR"""


@dataclass
class SetReport:
    """What was found and done in one set.

    Args:
        name: name of the set.
        images: HR images found.
        made: LR files written.
        same: LR files that were there and equal MATLAB's bicubic pixel for pixel.
        different: LR files that were there and do not; they are left as they are.
    """

    name: str
    images: int
    made: int = 0
    same: int = 0
    different: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """The report in one line."""
        expected = EXPECTED_COUNTS.get(self.name)
        count = f"{self.images} images"
        if expected is not None and self.images != expected:
            count += f" (the full set has {expected})"
        text = f"{self.name}: {count}, LR {self.made} made, {self.same} already right"
        if self.different:
            text += f", {len(self.different)} not MATLAB's bicubic, first {self.different[0]}"
        return text


@dataclass(frozen=True)
class _Job:
    set_name: str
    hr: Path
    lr: Path
    scale: int


def prepare_benchmarks(
    root: Path,
    names: Sequence[str] = BENCHMARKS,
    scales: Sequence[int] = (2, 3, 4),
    workers: int = 0,
) -> tuple[list[SetReport], list[str]]:
    """Writes ``LR_bicubic/X{scale}/{name}x{scale}.png`` where absent, checks it where present.

    Args:
        root: data root with ``sr/<Set>/HR`` or ``<Set>/HR``.
        names: sets to look for.
        scales: scales to make.
        workers: threads; 0 for none.

    Returns:
        A report for each set that is there, and the names of the others.

    Raises:
        MissingDataError: none of the sets is there; shows the tree that is expected.
        BrokenImageError: an image cannot be read.
    """
    reports, jobs, missing = {}, [], []
    for name in names:
        folder = benchmark_folder(root, name)
        if folder is None:
            missing.append(name)
            continue
        images = list_images(folder / "HR")
        reports[name] = SetReport(name, len(images))
        for scale in scales:
            lr_folder = folder / "LR_bicubic" / f"X{scale}"
            jobs += [
                _Job(name, path, lr_folder / f"{path.stem}x{scale}.png", scale) for path in images
            ]
    if not reports:
        raise MissingDataError(
            f"none of {', '.join(names)} is under {root.absolute()}; unpack them so that "
            f"the tree is\n{EXPECTED_TREE.format(root=root.absolute())}"
        )
    for name, outcome, file in run_parallel(_make_lr, jobs, workers, "LR images"):
        report = reports[name]
        report.made += outcome == "made"
        report.same += outcome == "same"
        if outcome == "different":
            report.different.append(file)
    return list(reports.values()), missing


def _make_lr(job: _Job) -> tuple[str, str, str]:
    """Makes or checks one LR file: (set, outcome, file)."""
    hr = cv2.imread(str(job.hr), cv2.IMREAD_ANYCOLOR)
    if hr is None:
        raise BrokenImageError(f"cannot read image {job.hr}; replace it")
    lr = matlab_resize(modcrop(hr, job.scale), scale=1 / job.scale)
    if not job.lr.is_file():
        atomic_write_bytes(job.lr, cv2.imencode(".png", lr)[1].tobytes())
        return job.set_name, "made", str(job.lr)
    present = cv2.imread(str(job.lr), cv2.IMREAD_ANYCOLOR)
    same = present is not None and np.array_equal(present, lr)
    return job.set_name, "same" if same else "different", str(job.lr)
