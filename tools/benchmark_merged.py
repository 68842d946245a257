"""What training merged saves: `python tools/benchmark_merged.py --json cost.json`."""

from __future__ import annotations

import argparse

from mmsrkd.apis.cli import add_step_flags, step_setting


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="SPAN and ECBSR: a training step, merged over branch by branch, in turns."
    )
    add_step_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    from mmsrkd.apis.allocator import keep_freed_memory
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        keep_freed_memory()
        from mmsrkd.apis.benchmark.merged import render, run
        from mmsrkd.apis.json_file import write_json

        result = run(step_setting(args))
        print(render(result))
        if args.json:
            write_json(args.json, result)


if __name__ == "__main__":
    main()
