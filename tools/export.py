"""Export a network to a runtime's file that gives the same picture, or to nothing.

python tools/export.py CONFIG CHECKPOINT -o DIR
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from mmsrkd.apis.cli import add_runtime_flags, load_config
from mmsrkd.apis.errors import one_line_errors

if TYPE_CHECKING:
    from mmsrkd.deploy import ExportResult


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Export through mmdeploy, compare with PyTorch, keep nothing if they differ."
    )
    parser.add_argument(
        "config", help="config file; of a distillation config, the student is exported"
    )
    parser.add_argument("checkpoint", help="weights: a file, or span-ncnn:spanx2_ch48")
    parser.add_argument("-o", "--out", required=True, metavar="DIR", help="folder to write to")
    parser.add_argument("--backend", default="onnxruntime", choices=["onnxruntime"])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--dynamic", action="store_true", help="any batch, height, width (default)")
    size.add_argument("--shape", metavar="1x3x256x256", help="one fixed input")
    parser.add_argument("--name", help="file stem (network, scale and shape)")
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-4,
        help="largest absolute error on [0, 1] (%(default)s)",
    )
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    add_runtime_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Parse, export, print the table, write the JSON."""
    args = parse_args()
    with one_line_errors():
        shape = parse_shape(args.shape) if args.shape else None
        config = load_config(args)
        from rich.console import Console

        with Console(stderr=True).status("exporting, then comparing with PyTorch"):
            from mmsrkd.deploy import export

            result = export(
                config,
                args.checkpoint,
                args.out,
                backend=args.backend,
                shape=shape,
                tolerance=args.tolerance,
                name=args.name,
            )
        print(table(result))
        if args.json:
            from mmsrkd.apis.json_file import write_json
            from mmsrkd.apis.provenance import provenance

            write_json(args.json, {**flat(result), **provenance()})


def parse_shape(text: str) -> tuple[int, ...]:
    """Read ``1x3x256x256``.

    Raises:
        ValueError: If it is not four numbers.
    """
    parts = text.lower().split("x")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(f"--shape {text} is not NxCxHxW: give it such as 1x3x256x256")
    return tuple(int(part) for part in parts)


def table(result: ExportResult) -> str:
    """Lay out the check."""
    from mmsrkd.apis.tables import markdown_table

    rows = [
        ["x".join(map(str, entry.shape)), f"{entry.max_abs_error:.2e}", f"{entry.psnr:.1f}"]
        for entry in result.parity
    ]
    lines = [
        markdown_table(["input", "max abs error", "PSNR between both (dB)"], rows),
        f"{result.path}  {result.path.stat().st_size:,} bytes  {result.seconds:.1f} s",
        f"sha256 {result.sha256}",
    ]
    return "\n".join(lines)


def flat(result: ExportResult) -> dict[str, Any]:
    """Return the figures under flat keys; a PSNR of identical outputs is null."""
    figures: dict[str, Any] = {
        "export/file": result.path.name,
        "export/sha256": result.sha256,
        "export/seconds": result.seconds,
        "export/scale": result.scale,
        "parity/max_abs_error": result.max_abs_error,
        "parity/psnr": finite(result.psnr),
        "parity/tolerance": result.tolerance,
    }
    for entry in result.parity:
        figures[f"parity/{entry.size}/max_abs_error"] = entry.max_abs_error
        figures[f"parity/{entry.size}/psnr"] = finite(entry.psnr)
    return figures


def finite(value: float) -> float | None:
    """Return None for infinity, which JSON does not know."""
    return None if value == float("inf") else value


if __name__ == "__main__":
    main()
