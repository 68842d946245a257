"""Print results by scene: `python tools/scene_table.py a.json b.json --metric SSIM_Y`."""

from __future__ import annotations

import argparse

from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="One row for each result, one column for each test set, and their mean; sets "
        "called DATA:SCENE have a table and a mean for each DATA."
    )
    parser.add_argument("results", nargs="+", help="JSON that tools/test.py wrote; names the row")
    parser.add_argument("--metric", default="PSNR_Y", help="PSNR_Y, SSIM_Y, PSNR_RGB, SSIM_RGB")
    return parser.parse_args()


def main() -> None:
    """Parse, read, print."""
    args = parse_args()
    with one_line_errors():
        from mmsrkd.apis.scene_table import read_results, scene_table

        print(scene_table(read_results(args.results), args.metric))


if __name__ == "__main__":
    main()
