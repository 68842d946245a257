"""Make VGTDB (blurred and sharp thermal images) and a test set for SR out of VGTSR."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mmsrkd.apis.blur_flags import add_blur_flags
from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Command line."""
    root = os.environ.get("MMSRKD_DATA", "data")
    parser = argparse.ArgumentParser(
        description=f"{__doc__} Writes deblur/VGTDB/<split>/ (blur, sharp, kernels.npz, manifest) "
        "and sr/VGTSR (HR, LR_bicubic) under $MMSRKD_DATA; run again to resume."
    )
    parser.add_argument("source", type=Path, help="VGTSR as unpacked")
    parser.add_argument(
        "--train", default="train/HR", metavar="FOLDER",
        help="thermal HR images to train on, under source; '' for none (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--test", default="test/HR", metavar="FOLDER",
        help="thermal HR images to test on, under source; '' for none (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("-o", "--out", type=Path, default=Path(root), help="data root")
    parser.add_argument("--scales", type=int, nargs="+", default=[4], help="of the LR images")
    add_blur_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    with one_line_errors():
        from mmsrkd.apis.blur_flags import blur_settings
        from mmsrkd.datasets.preparation.vgtsr import EXPECTED_COUNTS, find_vgtsr, prepare_vgtsr

        folders = {split: folder for split in ("train", "test") if (folder := getattr(args, split))}
        if not folders:
            raise ValueError(
                "--train '' and --test '' leave nothing to do: name one of the folders"
            )
        splits = find_vgtsr(args.source, folders)
        made = prepare_vgtsr(
            splits,
            args.out,
            args.scales,
            blur_settings(args),
            args.seed,
            args.workers,
            args.range_16bit,
        )
        for split, manifest in made.items():
            count, full = len(manifest["kernels"]), EXPECTED_COUNTS[split]
            print(f"{split}: {count} thermal images (the paper has {full})")


if __name__ == "__main__":
    main()
