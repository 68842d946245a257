"""A fixed set of blurred images: the same file is always blurred by the same kernel."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.motion_blur import BlurSettings, Kernel, degrade, draw_chance, file_rng
from mmsrkd.datasets.preparation.copying import (
    encode,
    read_image,
    record_of,
    require_settings,
    write_manifest,
)
from mmsrkd.datasets.preparation.parallel import run_parallel

__all__ = ["prepare_motion_blur"]


@dataclass(frozen=True)
class _Job:
    name: str
    source: Path
    target: Path
    settings: BlurSettings
    seed: int
    range_16bit: tuple[int, int] | None

    def rng(self) -> np.random.Generator:
        return file_rng(self.source, self.seed)

    def kernel(self, rng: np.random.Generator) -> Kernel:
        kernel = draw_chance(rng, self.settings)
        assert kernel is not None  # of a chance of 1
        return kernel


def prepare_motion_blur(
    sources: Mapping[str, Path],
    target: Path,
    settings: BlurSettings | None = None,
    seed: int = 0,
    workers: int = 0,
    range_16bit: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """Write ``sharp/<name>.png``, ``blur/<name>.png``, ``kernels.npz`` and ``manifest.json``.

    A kernel follows from the seed and the names of the file and of its folder alone: whichever
    images are there, in whatever order, on any number of workers. `RandomMotionBlur` with that
    ``file_seed`` and these settings blurs the same file by the same kernel. An interrupted run goes
    on where it was. In ``kernels.npz`` a kernel is called ``blur/<name>``.

    Args:
        sources: sharp images by name, which may hold folders.
        target: output folder.
        settings: which kernels.
        seed: another seed, other kernels.
        workers: threads; 0 for none.
        range_16bit: as `LoadCheckedImage`, for raw thermal images.

    Returns:
        The manifest: settings, ``kernels`` (name, size, sha256 of the float64 values) and
        ``files``.

    Raises:
        DataError: the folder was begun with other settings, or raw 16-bit images lack a range.
        BrokenImageError: an image cannot be read.
    """
    settings = settings or BlurSettings()
    # what a kernel follows from is a setting too: a set that was begun otherwise is not mixed
    head = {
        "seed": seed,
        "drawn_from": "folder/file",
        "range_16bit": range_16bit and list(range_16bit),
        **asdict(settings),
    }
    for path in list(sources.values())[:1]:
        read_image(path, range_16bit)  # what is wrong with the settings shows before they are noted
    require_settings(target, head)
    jobs = [_Job(name, path, target, settings, seed, range_16bit) for name, path in sources.items()]
    records = [r for pair in run_parallel(_make, jobs, workers, "blurring") for r in pair]
    kernels = {job.name: job.kernel(job.rng()) for job in jobs}
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {f"blur/{name}": kernel for name, kernel in kernels.items()}
    np.savez_compressed(buffer, **arrays)
    atomic_write_bytes(target / "kernels.npz", buffer.getvalue())
    listed = [
        {
            "name": name,
            "size": len(kernel),
            "sha256": hashlib.sha256(kernel.tobytes()).hexdigest(),
        }
        for name, kernel in sorted(kernels.items())
    ]
    return write_manifest(target, {**head, "kernels": listed}, records)


def _make(job: _Job) -> list[dict[str, Any]]:
    """Write one pair, unless both files are there."""
    image = read_image(job.source, job.range_16bit)
    blurred, sharp = (job.target / kind / f"{job.name}.png" for kind in ("blur", "sharp"))
    if not (blurred.is_file() and sharp.is_file()):
        rng = job.rng()
        kernel = job.kernel(rng)
        atomic_write_bytes(blurred, encode(degrade(image, kernel, rng, job.settings)))
        atomic_write_bytes(sharp, encode(image))
    return [record_of(path, job.target, image, job.name) for path in (blurred, sharp)]
