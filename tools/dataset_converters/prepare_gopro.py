"""Sort GOPRO_Large into blurred and sharp images, checking every pair; run again to resume."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Command line."""
    root = os.environ.get("MMSRKD_DATA", "data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="unpacked GOPRO_Large, with train/ and test/")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path(root) / "deblur" / "GoPro",
        help="output folder (default: $MMSRKD_DATA/deblur/GoPro)",
    )  # fmt: skip
    parser.add_argument("--splits", nargs="+", default=["train", "test"], choices=["train", "test"])
    parser.add_argument(
        "--gamma", action="store_true", help="take blur_gamma, blurred in linear light"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
    return parser.parse_args()


def main() -> None:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    with one_line_errors():
        from mmsrkd.datasets.preparation.gopro import EXPECTED_COUNTS, find_gopro, prepare_gopro

        pairs = find_gopro(args.source, args.out, tuple(args.splits), args.gamma)
        manifest = prepare_gopro(pairs, args.out, args.workers)
        for split, count in manifest["pairs"].items():
            print(f"{split}: {count} pairs (the full set has {EXPECTED_COUNTS[split]})")
        print(f"{len(manifest['files'])} files in {args.out}")


if __name__ == "__main__":
    main()
