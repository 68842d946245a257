"""Cutting large training images into patches that load fast.

LR patches are cut from the LR version of the whole image, not made from HR patches, so that they
carry no border effects inside an image. For that every patch starts at a multiple of all scales.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mmsrkd.checkpoints.atomic import atomic_write_bytes
from mmsrkd.datasets.errors import DataError
from mmsrkd.datasets.preparation.parallel import run_parallel
from mmsrkd.datasets.resize import matlab_resize, modcrop

__all__ = ["PatchSettings", "cut_patches", "patch_corners", "prepare_patches"]

_JOURNAL = "progress.jsonl"
Record = dict[str, Any]


@dataclass(frozen=True)
class PatchSettings:
    """How images are cut.

    Args:
        size: side of the HR patch in pixels.
        scales: scales to make LR patches for. An LR patch has ``size // scale`` pixels a side.
    """

    size: int = 256
    scales: tuple[int, ...] = (2, 3, 4)

    @property
    def step(self) -> int:
        """What every corner is a multiple of."""
        return math.lcm(*self.scales)

    @property
    def stride(self) -> int:
        """Distance of patches: the side, shortened to a multiple of the step (256 -> 252)."""
        return self.size - self.size % self.step


@dataclass(frozen=True)
class _Job:
    name: str
    source: Path
    target: Path
    settings: PatchSettings


def prepare_patches(
    sources: dict[str, Path], target: Path, settings: PatchSettings, workers: int
) -> Record:
    """Cuts all images; an interrupted run goes on where it was.

    Args:
        sources: image files by name; the name, which may hold folders, is kept in the output.
        target: output folder: ``HR/<name>_s001.png``, ``LR_bicubic/X2/<name>_s001.png``, ...,
            ``manifest.json``.
        settings: patch size and scales.
        workers: threads; 0 for none.

    Returns:
        The manifest: settings, ``files`` (file, scale, height, width, bytes, sha256) and
        ``skipped`` (source and reason: unreadable, or smaller than a patch).

    Raises:
        DataError: the target was begun with other settings.
    """
    target.mkdir(parents=True, exist_ok=True)
    finished = _read_journal(target, settings)
    records = {name: record for name, record in finished.items() if name in sources}
    jobs = [
        _Job(name, source, target, settings)
        for name, source in sources.items()
        if name not in records
    ]
    with (target / _JOURNAL).open("a", encoding="utf-8") as journal:
        # The first line break ends what an interrupted run may have left half-written.
        journal.write("\n" if finished else f"\n{json.dumps(_header(settings))}\n")
        for record in run_parallel(cut_patches, jobs, workers, "cutting patches"):
            records[record["source"]] = record
            if not record.get("broken"):
                journal.write(json.dumps(record) + "\n")
                journal.flush()
    manifest = _manifest(records, settings)
    atomic_write_bytes(target / "manifest.json", json.dumps(manifest, indent=1).encode())
    return manifest


def cut_patches(job: _Job) -> Record:
    """Cuts one image into HR and LR patches; returns what was written, or why nothing was."""
    image = cv2.imread(str(job.source), cv2.IMREAD_COLOR)
    if image is None:
        return {"source": job.name, "files": [], "skipped": "unreadable", "broken": True}
    size = job.settings.size
    corners = list(patch_corners(image.shape[0], image.shape[1], job.settings))
    if not corners:
        reason = f"{image.shape[0]}x{image.shape[1]} is smaller than {size}x{size}"
        return {"source": job.name, "files": [], "skipped": reason}
    files = _write_patches(job, image, "HR", 1, corners)
    for scale in job.settings.scales:
        lr = matlab_resize(modcrop(image, scale), scale=1 / scale)
        files += _write_patches(job, lr, f"LR_bicubic/X{scale}", scale, corners)
    return {"source": job.name, "files": files}


def patch_corners(height: int, width: int, settings: PatchSettings) -> Iterator[tuple[int, int]]:
    """Top left corners (y, x) that cover an image up to the last full step."""
    for y in _starts(height, settings):
        for x in _starts(width, settings):
            yield y, x


def _starts(length: int, settings: PatchSettings) -> list[int]:
    room = length - settings.size
    if room < 0:
        return []
    starts = list(range(0, room + 1, settings.stride))
    last = room - room % settings.step
    return starts if starts[-1] == last else [*starts, last]


def _write_patches(
    job: _Job,
    image: NDArray[np.generic],
    folder: str,
    scale: int,
    corners: Sequence[tuple[int, int]],
) -> list[Record]:
    side = job.settings.size // scale
    records = []
    for number, (y, x) in enumerate(corners, start=1):
        patch = image[y // scale :, x // scale :][:side, :side]
        data = cv2.imencode(".png", patch)[1].tobytes()
        file = f"{folder}/{job.name}_s{number:03d}.png"
        atomic_write_bytes(job.target / file, data)
        records.append(
            {
                "file": file,
                "scale": scale,
                "height": patch.shape[0],
                "width": patch.shape[1],
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    return records


def _header(settings: PatchSettings) -> Record:
    return {"patch": settings.size, "stride": settings.stride, "scales": list(settings.scales)}


def _read_journal(target: Path, settings: PatchSettings) -> dict[str, Record]:
    """Records of finished images whose files are all there with the right size."""
    path = target / _JOURNAL
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    entries = [entry for entry in map(_parse, lines) if entry]
    if not entries:
        return {}
    if entries[0] != _header(settings):
        raise DataError(
            f"{target} was begun with {entries[0]}, now asked for {_header(settings)}; use the "
            "same settings, or another output folder"
        )
    records = (entry for entry in entries if "source" in entry)
    return {record["source"]: record for record in records if _complete(target, record)}


def _parse(line: str) -> Record | None:
    """One journal line; None for an empty one, or one an interrupted run left half-written."""
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _complete(target: Path, record: Record) -> bool:
    paths = ((target / entry["file"], entry["bytes"]) for entry in record["files"])
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def _manifest(records: dict[str, Record], settings: PatchSettings) -> Record:
    ordered = [records[name] for name in sorted(records)]
    return {
        **_header(settings),
        "resize": "MATLAB imresize, bicubic, antialiased, uint8",
        "images": sum(1 for record in ordered if record["files"]),
        "skipped": [
            {"source": record["source"], "reason": record["skipped"]}
            for record in ordered
            if "skipped" in record
        ],
        "files": [entry for record in ordered for entry in record["files"]],
    }
