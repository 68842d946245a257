"""What quantisation-aware training costs: `python tools/benchmark_qat.py --json cost.json`."""

from __future__ import annotations

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="A step of quantisation-aware training over the float step, in turns."
    )
    parser.add_argument(
        "configs", nargs="*", metavar="CONFIG", help="configs that quantise (default: a selection)"
    )
    parser.add_argument("--batch", type=int, default=8, help="patches in a step (%(default)s)")
    parser.add_argument(
        "--lr-patch", type=int, default=48, help="side of an LR patch (%(default)s)"
    )
    parser.add_argument("--turns", type=int, default=7, help="turns counted (%(default)s)")
    parser.add_argument("--threads", type=int, help="CPU threads (default: as torch finds)")
    parser.add_argument("--device", help="cpu, cuda (default: a GPU if there is one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        from mmsrkd.apis.benchmark.qat import render, run
        from mmsrkd.apis.json_file import write_json

        result = run(
            args.configs,
            batch=args.batch,
            lr_patch=args.lr_patch,
            turns=args.turns,
            threads=args.threads,
            device=args.device,
        )
        print(render(result))
        if args.json:
            write_json(args.json, result)


if __name__ == "__main__":
    main()
