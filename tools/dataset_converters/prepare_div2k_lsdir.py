"""Cut DIV2K and LSDIR into HR patches and bicubic LR patches; run again to resume."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Command line."""
    root = os.environ.get("MMSRKD_DATA", "data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with DIV2K/ and LSDIR/ as unpacked")
    parser.add_argument(
        "-o", "--out", type=Path, default=Path(root) / "train" / "DIV2K_LSDIR_256",
        help="output folder (default: $MMSRKD_DATA/train/DIV2K_LSDIR_256)",
    )  # fmt: skip
    parser.add_argument("--sets", nargs="+", default=["DIV2K", "LSDIR"], choices=["DIV2K", "LSDIR"])
    parser.add_argument("--patch", type=int, default=256, help="side of the HR patch in pixels")
    parser.add_argument("--scales", type=int, nargs="+", default=[2, 3, 4])
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="threads")
    return parser.parse_args()


def main() -> int:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    from mmsrkd.datasets.errors import DataError
    from mmsrkd.datasets.preparation.div2k_lsdir import find_div2k_lsdir
    from mmsrkd.datasets.preparation.patches import PatchSettings, prepare_patches

    try:
        sources = find_div2k_lsdir(args.source, tuple(args.sets))
        settings = PatchSettings(args.patch, tuple(sorted(args.scales)))
        manifest = prepare_patches(sources, args.out, settings, args.workers)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for entry in manifest["skipped"]:
        print(f"skipped {entry['source']}: {entry['reason']}")
    print(f"{manifest['images']} images, {len(manifest['files'])} files in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
