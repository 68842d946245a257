"""A list of pictures, one after the other, with progress."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from mmsrkd.apis.image_files import read_picture, write_png
from mmsrkd.apis.side_by_side import side_by_side
from mmsrkd.apis.upscale import Job, Upscaler
from mmsrkd.datasets.errors import DataError


def upscale_files(upscaler: Upscaler, jobs: Sequence[Job], console: Console | None = None) -> int:
    """Upscale pictures into files; one that cannot be read is named, and the others are done.

    Args:
        upscaler: What enlarges.
        jobs: From `plan`.
        console: Where progress and errors go; the error stream by default.

    Returns:
        Number of pictures that failed.
    """
    console = console or Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(),
        TextColumn("{task.fields[name]}"), TimeRemainingColumn(),
    )  # fmt: skip
    failed = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("upscaling", total=len(jobs), name="")
        for number, job in enumerate(jobs):
            progress.update(task, completed=number, name=job.source.name)
            try:
                _upscale(upscaler, job, progress, task)
            except (DataError, OSError) as error:
                failed += 1
                console.print(f"error: {error}", style="red", soft_wrap=True, highlight=False)
    return failed


def _upscale(upscaler: Upscaler, job: Job, progress: Progress, task: TaskID) -> None:
    image = read_picture(job.source)
    share = 1 / upscaler.tiles(*image.shape[:2])
    result = upscaler(image, on_tile=lambda: progress.advance(task, share))
    write_png(job.target, result)
    if job.comparison is not None:
        names = ("bicubic" if upscaler.scale > 1 else "input", type(upscaler.network).__name__)
        picture = side_by_side(upscaler.plain()(image), result, names, upscaler.scale)
        write_png(job.comparison, picture)
