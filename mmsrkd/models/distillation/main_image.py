"""The image that counts where a network gives several."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor


def main_image(out: Tensor | Sequence[Tensor]) -> Tensor:
    """Return ``out`` itself, or the last of several, as the networks of this package order them.

    The others are had by taps on the network itself: ``dict(path="", index=0)``.
    """
    return out if isinstance(out, Tensor) else out[-1]
