"""Blur a folder of sharp images by kernels that follow from seed and file name, and save both."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmsrkd.apis.blur_flags import add_blur_flags
from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__} Run again to resume. Afterwards, name OUT's blur/ and sharp/ in a "
        "config as img_folder and gt_folder of a PairedSRDataset; relative folders are looked for "
        "under $MMSRKD_DATA."
    )
    parser.add_argument("source", type=Path, help="folder of sharp images; sub-folders are kept")
    parser.add_argument("-o", "--out", type=Path, required=True, help="output folder")
    add_blur_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Run; the exit code says whether all went well."""
    args = parse_args()
    with one_line_errors():
        from mmsrkd.apis.blur_flags import blur_settings
        from mmsrkd.datasets.errors import MissingDataError
        from mmsrkd.datasets.folders import list_images
        from mmsrkd.datasets.preparation.motion_blur import prepare_motion_blur

        if not args.source.is_dir():
            raise MissingDataError(f"there is no folder {args.source.absolute()}; check its name")
        images = list_images(args.source, recursive=True)
        if not images:
            raise MissingDataError(f"{args.source.absolute()} holds no image (png, jpg, bmp, tif)")
        named = {path.relative_to(args.source).with_suffix("").as_posix(): path for path in images}
        manifest = prepare_motion_blur(
            named, args.out, blur_settings(args), args.seed, args.workers, args.range_16bit
        )
        print(f"{len(manifest['kernels'])} blurred images with their kernels in {args.out}")


if __name__ == "__main__":
    main()
