"""Upscale pictures with a published student.

python tools/upscale.py photo.jpg holiday/ -o upscaled/
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="+", type=Path, metavar="IMAGE_OR_FOLDER")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder for the PNG files")
    parser.add_argument(
        "--weights", type=Path, help="published network (default: the student in weights/)"
    )
    parser.add_argument(
        "--tile", type=int, default=256, metavar="PIXELS",
        help="side of a tile, less for less memory, 0 for none (default: 256); never visible",
    )  # fmt: skip
    parser.add_argument(
        "--form", choices=("sr", "deblur"),
        help="image of a network that does both, such as SR-Deblur (default: sr)",
    )  # fmt: skip
    parser.add_argument(
        "--compare", action="store_true",
        help="also write a picture of the places where network and bicubic differ most",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace files that exist")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the tool; 0 if every picture was written."""
    args = parse_args(argv)
    from mmsrkd.apis.allocator import keep_freed_memory
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        keep_freed_memory()
        from mmsrkd.apis.upscale import Upscaler, committed_student, plan
        from mmsrkd.apis.upscale_files import upscale_files

        weights = args.weights or committed_student()
        upscaler = Upscaler.from_file(weights, tile=args.tile, form=args.form)
        jobs = plan(args.inputs, args.out, upscaler.scale, force=args.force, compare=args.compare)
        failed = upscale_files(upscaler, jobs)
        print(f"{len(jobs) - failed} of {len(jobs)} written to {args.out} (x{upscaler.scale})")
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
