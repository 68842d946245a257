"""Test a network: `python tools/test.py CONFIG [CHECKPOINT]`."""

from __future__ import annotations

import argparse

from mmsrkd.apis.allocator import keep_freed_memory
from mmsrkd.apis.cli import add_runtime_flags, load_config
from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Measure PSNR and SSIM on the test sets under $MMSRKD_DATA (default data/)."
    )
    parser.add_argument(
        "config", help="config file; of a distillation config, the student is tested"
    )
    parser.add_argument(
        "checkpoint",
        nargs="?",
        help="weights: a file, or span-ncnn:spanx2_ch48; not needed for a network without weights",
    )
    parser.add_argument(
        "--sets", nargs="+", metavar="NAME", help="only these test sets, e.g. Set5 Set14"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="write results, protocol and provenance here"
    )
    add_runtime_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Parse, measure, print the table, write the JSON."""
    args = parse_args()
    with one_line_errors():
        keep_freed_memory()
        config = load_config(args)
        from mmengine.dist import is_main_process

        from mmsrkd.apis.json_file import write_json
        from mmsrkd.apis.tables import metric_table
        from mmsrkd.apis.test import test

        result = test(config, args.checkpoint, sets=args.sets)
        if not is_main_process():
            return
        print(metric_table(result))
        if args.json:
            write_json(args.json, result)


if __name__ == "__main__":
    main()
