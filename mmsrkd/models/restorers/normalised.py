"""Truths the data preprocessor leaves as they came, in the model's own range."""

from __future__ import annotations

from typing import Any

from torch import Tensor


def normalised(prepare: Any, image: Tensor, order: str, file_order: str | None = None) -> Tensor:
    """Do what the preprocessor does with the truth in training only.

    Args:
        prepare: mmagic's ``DataPreprocessor``.
        image: (N, 3, H, W) of 0..255.
        order: Its channel order, ``RGB`` or ``BGR``.
        file_order: That of the file it came from, if another.

    Returns:
        The image in the model's channel order and range.
    """
    # without an order of its own, the preprocessor leaves that of the file in training
    wanted = prepare.output_channel_order or file_order or order
    converted, _ = prepare._do_conversion(image.float(), order, wanted)
    return prepare._do_norm(converted)


def first(value: str | list[str]) -> str:
    """A stacked sample has one value per image; a batch has one channel order."""
    return value if isinstance(value, str) else value[0]
