"""Write the demo's pictures, taken from the installed scikit-image, without any network."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Command line."""
    root = os.environ.get("MMSRKD_DATA", "data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "-o", "--out", type=Path, default=Path(root) / "sample_images",
        help="output folder (default: $MMSRKD_DATA/sample_images)",
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    from mmsrkd.datasets.errors import DataError
    from mmsrkd.datasets.sample_images import write_sample_images

    try:
        manifest = write_sample_images(args.out)
    except (DataError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{len(manifest['files'])} images from {manifest['source']} in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
