"""Flags of the tools that blur images."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmsrkd.datasets.motion_blur import BlurSettings

__all__ = ["add_blur_flags", "blur_settings"]


def add_blur_flags(parser: argparse.ArgumentParser) -> None:
    """Add what `blur_settings` reads, ``--seed``, ``--range-16bit`` and ``--workers``."""
    parser.add_argument("--seed", type=int, default=0, help="another seed, other kernels")
    parser.add_argument("--shortest", type=int, default=7, help="least length in pixels, odd")
    parser.add_argument("--longest", type=int, default=31, help="greatest length in pixels, odd")
    parser.add_argument(
        "--linear-share", type=float, default=0.5, help="share of straight paths; others are shaken"
    )
    parser.add_argument(
        "--noise-sigma", type=float, default=0.0, help="upper bound of the noise, in 0..255"
    )
    parser.add_argument(
        "--range-16bit", type=int, nargs=2, metavar=("LOW", "HIGH"),
        help="16-bit values that become 0 and 255, the same for all files",
    )  # fmt: skip
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")


def blur_settings(args: argparse.Namespace) -> BlurSettings:
    """Settings from the flags; checks ``range_16bit`` on the way.

    Raises:
        ValueError: For lengths, shares or a range that cannot be.
    """
    from mmsrkd.datasets.depth import check_range
    from mmsrkd.datasets.motion_blur import BlurSettings

    if args.range_16bit is not None:
        args.range_16bit = check_range(args.range_16bit)
    return BlurSettings(args.shortest, args.longest, args.linear_share, args.noise_sigma)
