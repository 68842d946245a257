from __future__ import annotations

from collections.abc import Sequence


def check_scale(network: str, scale: int, allowed: Sequence[int] = (2, 3, 4)) -> int:
    """Return ``scale`` if the network can be built for it.

    Args:
        network: Name for the message.
        scale: Up-scaling factor asked for.
        allowed: Legal factors.

    Raises:
        ValueError: ``scale`` is not one of ``allowed``.
    """
    if isinstance(scale, bool) or not isinstance(scale, int) or scale not in allowed:
        legal = ", ".join(map(str, allowed))
        raise ValueError(f"{network} cannot be built with scale={scale!r}: choose one of {legal}")
    return scale
