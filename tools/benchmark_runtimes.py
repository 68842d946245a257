"""Networks in every installed runtime: `python tools/benchmark_runtimes.py CONFIG`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

SHAPE = (1, 3, 180, 320)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Export networks to every installed runtime, in float and int8, and time all "
        "files and PyTorch in turns."
    )
    parser.add_argument(
        "configs", nargs="+", metavar="CONFIG", help="of a distilling one, the student is meant"
    )
    parser.add_argument("--checkpoint", help="float weights of one config (default: random ones)")
    parser.add_argument("--shape", default="x".join(map(str, SHAPE)), help="input (%(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="for each (default: PyTorch's)")
    parser.add_argument("--turns", type=int, default=20, help="turns counted (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write the table here (.md)")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        from mmsrkd.apis.cli import parse_shape
        from mmsrkd.apis.json_file import write_json
        from mmsrkd.apis.runtime_speed import measure_runtimes, render

        result = measure_runtimes(
            args.configs,
            args.checkpoint,
            shape=parse_shape("--shape", args.shape) or SHAPE,
            threads=args.threads,
            turns=args.turns,
            say=lambda line: print(line, file=sys.stderr),
        )
        print(render(result))
        if args.json:
            write_json(args.json, result)
        if args.page:
            args.page.write_text(f"# Speed of runtimes\n\n{render(result)}")


if __name__ == "__main__":
    main()
