"""Check the benchmark sets and make their bicubic LR images where they are absent."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Command line."""
    names = ["Set5", "Set14", "BSD100", "Urban100", "Manga109"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "root", type=Path, nargs="?", default=Path(os.environ.get("MMSRKD_DATA", "data")),
        help="folder with sr/<Set>/HR or <Set>/HR (default: $MMSRKD_DATA, else data)",
    )  # fmt: skip
    parser.add_argument("--sets", nargs="+", default=names, help="names of the sets")
    parser.add_argument("--scales", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
    return parser.parse_args()


def main() -> int:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    from mmsrkd.datasets.errors import DataError
    from mmsrkd.datasets.preparation.benchmarks import prepare_benchmarks

    try:
        reports, missing = prepare_benchmarks(args.root, args.sets, args.scales, args.workers)
    except (DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for report in reports:
        print(report.summary())
    for name in missing:
        print(f"{name}: not there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
