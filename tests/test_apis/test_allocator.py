"""Freed memory is kept, unless the user says how to allocate."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

#: Makes a tensor of 40 MB again and again; prints how many pages the system had to hand out.
PROGRAM = """
import resource, sys, torch
from mmsrkd.apis.allocator import keep_freed_memory
done = keep_freed_memory()
torch.set_num_threads(1)
for _ in range(10):  # where they lie comes to rest
    torch.ones(10_000_000).add(1)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    torch.ones(10_000_000).add(1)
print(done, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""

glibc_only = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc's allocator is told what to keep"
)


def _run(**environment: str) -> tuple[bool, int]:
    out = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    return out[-2] == "True", int(out[-1])


@glibc_only
def test_large_tensors_get_pages_that_are_already_there() -> None:
    kept, faults = _run()
    left, faults_by_default = _run(MALLOC_ARENA_TEST="8")
    assert kept
    assert not left  # the user's own setting stays
    assert faults < faults_by_default / 10
