"""Work on many files at once, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

__all__ = ["run_parallel"]

Job = TypeVar("Job")
Result = TypeVar("Result")


def run_parallel(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int, label: str
) -> Iterator[Result]:
    """Yields results as they are ready, in any order, and shows progress and remaining time.

    Args:
        function: called once per job.
        jobs: what it is called with.
        workers: threads; 0 works in this one.
        label: what the progress bar says.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as progress:
        results = _results(function, jobs, workers)
        yield from progress.track(results, total=len(jobs), description=label)


def _results(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Result]:
    if workers < 1:
        yield from map(function, jobs)
        return
    # Reading, resizing and writing images release the interpreter's lock, so threads are as fast
    # as processes here; and OpenCV hangs in a forked process whose parent has used its threads.
    with ThreadPoolExecutor(workers) as pool:
        try:
            for future in as_completed([pool.submit(function, job) for job in jobs]):
                yield future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
