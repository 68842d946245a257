"""A student learns from a teacher, beats bicubic and leaves as an ONNX file, in minutes on a CPU.

python tools/demo.py
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
    parser.add_argument(
        "--iters", type=int, help="training steps (default: 2000; 30 only shows that all works)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("work_dirs/demo"), help="folder (default: work_dirs/demo)"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="start anew instead of going on with a former run"
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the demo; 0 if its result is as it has to be."""
    args = parse_args(argv)
    from mmsrkd.apis.allocator import keep_freed_memory
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        keep_freed_memory()
        from mmsrkd.apis.demo.run import run_demo
        from mmsrkd.apis.demo.table import demo_table

        try:
            summary = run_demo(args.out, args.iters, fresh=args.fresh)
        except KeyboardInterrupt:
            print("interrupted; the same command goes on from here", file=sys.stderr)
            return 130
        print(demo_table(summary))
        print(f"{args.out / 'summary.json'}\n{args.out / 'report.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
