"""What distillation costs: `python tools/benchmark_distillation.py --json cost.json`."""

from __future__ import annotations

import argparse

from mmsrkd.apis.cli import add_step_flags, step_setting


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="A distillation step over the student's step and the teacher's forward pass."
    )
    parser.add_argument(
        "configs", nargs="*", metavar="CONFIG", help="configs that distil (default: a selection)"
    )
    parser.add_argument("--no-memory", action="store_true", help="leave out the memory of FACD")
    add_step_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    from mmsrkd.apis.allocator import keep_freed_memory
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        keep_freed_memory()
        from mmsrkd.apis.benchmark.report import render, run
        from mmsrkd.apis.json_file import write_json

        result = run(args.configs, step_setting(args), memory=not args.no_memory)
        print(render(result))
        if args.json:
            write_json(args.json, result)


if __name__ == "__main__":
    main()
