"""Export a network to a runtime's files that are proven to give the same picture, or to nothing.

python tools/export.py CONFIG CHECKPOINT --backend openvino --precision fp16 -o DIR
"""

from __future__ import annotations

import argparse

from mmsrkd.apis.cli import add_runtime_flags, load_config, parse_shape
from mmsrkd.apis.errors import one_line_errors

BACKENDS = ("onnxruntime", "openvino", "tensorrt", "ncnn")
PRECISIONS = ("fp32", "fp16", "int8")


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Export through mmdeploy, run the files in their own runtime on real images, "
        "compare with PyTorch, keep nothing if they differ."
    )
    parser.add_argument(
        "config", help="config file; of a distillation config, the student is exported"
    )
    parser.add_argument("checkpoint", help="weights: a file, or span-ncnn:spanx2_ch48")
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--backend", default="onnxruntime", choices=BACKENDS)
    parser.add_argument(
        "--precision", default="fp32", choices=PRECISIONS, help="int8 wants tools/quantize.py first"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--dynamic", action="store_true", help="any batch, height, width (default)")
    size.add_argument("--shape", metavar="1x3x720x1280", help="one fixed input")
    parser.add_argument("--name", help="file stem (network, scale, shape and precision)")
    _add_check_flags(parser)
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    add_runtime_flags(parser)
    return parser.parse_args()


def _add_check_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--images",
        metavar="DIR",
        help="HR images to prove on (Set5 under $MMSRKD_DATA, else three of scikit-image)",
    )
    parser.add_argument(
        "--budget-db",
        type=float,
        default=0.02,
        help="largest change of PSNR against HR, PyTorch to runtime (%(default)s)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-4,
        help="largest absolute error of a float file on [0, 1] (%(default)s)",
    )
    parser.add_argument(
        "--latency-shape", metavar="1x3x180x320", help="input to time (that, or --shape)"
    )
    parser.add_argument("--latency-runs", type=int, default=5, help="turns counted (%(default)s)")


def main() -> None:
    """Parse, export, print the table, write the JSON."""
    args = parse_args()
    with one_line_errors():
        shape = parse_shape("--shape", args.shape)
        latency_shape = parse_shape("--latency-shape", args.latency_shape)
        config = load_config(args)
        from rich.console import Console

        with Console(stderr=True).status("exporting, then comparing with PyTorch"):
            from mmsrkd.deploy import export

            result = export(
                config,
                args.checkpoint,
                args.out,
                backend=args.backend,
                precision=args.precision,
                shape=shape,
                tolerance=args.tolerance,
                name=args.name,
                images=args.images,
                budget_db=args.budget_db,
                side_by_side=True,
                latency_shape=latency_shape,
                latency_runs=args.latency_runs,
            )
        from mmsrkd.apis.export_report import figures, summary

        print(summary(result))
        if args.json:
            from mmsrkd.apis.json_file import write_json
            from mmsrkd.apis.provenance import provenance

            write_json(args.json, {**figures(result), **provenance()})


if __name__ == "__main__":
    main()
