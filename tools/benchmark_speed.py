"""Images a second: `python tools/benchmark_speed.py CONFIG CONFIG --device cuda`."""

from __future__ import annotations

import argparse
from pathlib import Path

CONFIGS = (
    "configs/sr_deblur/sr-deblur_phase2_x4.py",
    "configs/sr_deblur/sr-deblur_student_x4.py",
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Time networks in turns, one image at a time; ratios are to the first. "
        "Weights are random."
    )
    parser.add_argument(
        "configs", nargs="*", metavar="CONFIG", help="configs (default: SR-deblur's two sizes)"
    )
    parser.add_argument(
        "--inputs", nargs="+", metavar="[FORM:]HxW",
        help="inputs (default: deblur:984x1240 sr:246x310)",
    )  # fmt: skip
    parser.add_argument("--turns", type=int, default=20, help="turns counted (%(default)s)")
    parser.add_argument("--device", help="cpu, cuda (default: a GPU if there is one)")
    parser.add_argument("--dtype", default="fp32", choices=["fp32", "fp16", "bf16"])
    parser.add_argument("--channels-last", action="store_true", help="memory layout")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        from mmsrkd.apis.json_file import write_json
        from mmsrkd.apis.speed import INPUTS, measure_speed, render

        result = measure_speed(
            args.configs or CONFIGS,
            args.inputs or INPUTS,
            turns=args.turns,
            device=args.device,
            dtype=args.dtype,
            channels_last=args.channels_last,
        )
        print(render(result))
        if args.json:
            write_json(args.json, result)


if __name__ == "__main__":
    main()
