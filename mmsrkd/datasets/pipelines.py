"""The pipeline nearly every recipe trains with, so that a config states only what differs."""

from __future__ import annotations

from typing import Any

__all__ = ["training_pipeline"]


def training_pipeline(has_lr: bool, lr_patch: int, cache_mb: float = 0) -> list[dict[str, Any]]:
    """Load, make or load the LR image, crop a random patch, flip and transpose at random, pack.

    Args:
        has_lr: The LR image is a file, not made here.
        lr_patch: Side of the LR patch in pixels.
        cache_mb: Keep this many megabytes of decoded images in each worker's memory.
    """
    make_lr: list[dict[str, Any]] = [{"type": "GenerateLR", "cache_mb": cache_mb}]
    if has_lr:
        make_lr = [
            {"type": "LoadCheckedImage", "key": "img", "cache_mb": cache_mb / 4},
            {"type": "ModCrop", "key": "gt"},
        ]
    keys = ["img", "gt"]
    return [
        {"type": "LoadCheckedImage", "key": "gt", "cache_mb": cache_mb},
        *make_lr,
        {"type": "PairedPatchCrop", "lr_patch": lr_patch},
        {"type": "Flip", "keys": keys, "direction": "horizontal"},
        {"type": "Flip", "keys": keys, "direction": "vertical"},
        {"type": "RandomTransposeHW", "keys": keys},
        {"type": "PackInputs"},
    ]
