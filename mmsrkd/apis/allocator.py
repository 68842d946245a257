"""What the C library does with memory that was freed."""

from __future__ import annotations

import ctypes
import os

#: Numbers of glibc's malloc.h: options of `mallopt`.
TRIM_THRESHOLD, MMAP_MAX, ARENA_MAX = -1, -4, -8
#: Who sets one of these has chosen another way.
CHOSEN_BY_USER = ("MALLOC_", "GLIBC_TUNABLES", "LD_PRELOAD")


def keep_freed_memory() -> bool:
    """Have this process use freed memory again instead of handing it back to the system.

    By default glibc gives every large tensor pages of its own, which the system clears at the first
    touch, and gives them back when the tensor is freed: each step of a training pays for that anew.
    Kept, a step with FACD from EDSR of 256 channels took 5.15 s instead of 5.75 s, one of the EDSR
    student alone 0.93 s instead of 1.0 s (two CPU threads), at the same peak of memory. What the
    largest image took stays with the process until it ends.

    Does nothing without glibc, or where the environment says how to allocate: ``MALLOC_*``,
    ``GLIBC_TUNABLES`` or ``LD_PRELOAD`` (jemalloc, say).

    Returns:
        Whether it was done.
    """
    if any(name.startswith(CHOSEN_BY_USER) for name in os.environ):
        return False
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):  # musl and macOS have other numbers
        return False
    return all(
        library.mallopt(option, value) == 1
        for option, value in ((MMAP_MAX, 0), (TRIM_THRESHOLD, -1), (ARENA_MAX, 1))
    )
