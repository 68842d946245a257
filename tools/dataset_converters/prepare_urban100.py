"""Copy Urban100's HR images to where the configs look, and make their bicubic LR images."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Command line."""
    root = os.environ.get("MMSRKD_DATA", "data")
    parser = argparse.ArgumentParser(description=f"{__doc__} Run again to resume.")
    parser.add_argument(
        "source", type=Path, help="image_SRF_4 of the authors' archive, or a folder of img_001.png"
    )
    parser.add_argument(
        "-o", "--out", type=Path, default=Path(root),
        help="data root; sr/Urban100 is made in it (default: $MMSRKD_DATA)",
    )  # fmt: skip
    parser.add_argument("--scales", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
    return parser.parse_args()


def main() -> None:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    with one_line_errors():
        from mmsrkd.datasets.preparation.benchmarks import prepare_benchmarks
        from mmsrkd.datasets.preparation.urban100 import find_urban100, prepare_urban100

        prepare_urban100(find_urban100(args.source), args.out)
        reports, _ = prepare_benchmarks(args.out, ["Urban100"], args.scales, args.workers)
        for report in reports:
            print(report.summary())


if __name__ == "__main__":
    main()
