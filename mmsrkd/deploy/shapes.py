"""Shapes of inputs (N, C, H, W)."""

from __future__ import annotations

from collections.abc import Sequence

Shape = tuple[int, int, int, int]


def shape_text(shape: Sequence[int] | None) -> str:
    """Return ``1x3x256x256``, or ``dynamic`` for None."""
    return "dynamic" if shape is None else "x".join(map(str, shape))


def static_shape(shape: Sequence[int] | None, dynamic: bool | None) -> Shape | None:
    """Return the shape of a static file, None for a dynamic one.

    Args:
        shape: (N, 3, H, W), or None.
        dynamic: None for whatever ``shape`` says.

    Raises:
        ValueError: If the two contradict each other, or the shape is none.
    """
    if shape is None:
        if dynamic is False:
            raise ValueError(
                "a static export needs its shape: give shape=(1, 3, 256, 256) or the like"
            )
        return None
    if dynamic:
        raise ValueError(
            f"shape {shape_text(shape)} is for a static export: leave it out, or dynamic=False"
        )
    return colour_shape(shape)


def colour_shape(shape: Sequence[int]) -> Shape:
    """Return a shape of colour images as a tuple.

    Raises:
        ValueError: If it is not Nx3xHxW.
    """
    if len(shape) != 4 or shape[1] != 3 or min(shape) < 1:
        raise ValueError(f"shape {shape_text(shape)} is not Nx3xHxW: give it such as 1x3x256x256")
    return (int(shape[0]), int(shape[1]), int(shape[2]), int(shape[3]))


def check_least(network: object, shape: Shape) -> None:
    """Refuse a shape below the least that a network takes (its ``min_side``).

    Raises:
        ValueError: Names the least.
    """
    least = int(getattr(network, "min_side", 1))
    if min(shape[2:]) < least:
        raise ValueError(
            f"shape {shape_text(shape)} is too small for {type(network).__name__}, which takes "
            f"{least}x{least} and up: give at least {shape[0]}x3x{least}x{least}"
        )
