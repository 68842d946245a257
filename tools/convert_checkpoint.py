"""Turn foreign weights into ours: architecture detected, keys renamed, configuration stored inside.

python tools/convert_checkpoint.py span-ncnn:spanx2_ch48 -o weights/span_x2.safetensors
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
        "source", help=".pth, .safetensors, ncnn .param/.bin, or span-ncnn:NAME (installed package)"
    )
    parser.add_argument(
        "-o", "--out", type=Path, required=True, help="file to write: .safetensors or .pth"
    )
    parser.add_argument(
        "--scale",
        type=int,
        choices=(2, 3, 4),
        help="where the weights do not show it (FSRCNN, VDSR, SRCNN, PAN x2 and x3) or hold "
        "several (HGSRCNN); a file name such as PANx3.pth tells too",
    )
    parser.add_argument("--force", action="store_true", help="replace OUT if it exists")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the tool; 0 on success, 1 with one line on the error stream otherwise."""
    args = parse_args(argv)

    from mmsrkd.checkpoints import CheckpointError, convert
    from mmsrkd.checkpoints.network_file import network_metadata, write_network

    if args.out.exists() and not args.force:
        print(f"error: {args.out} exists: choose another name or add --force", file=sys.stderr)
        return 1
    try:
        converted = convert(args.source, args.scale)
        meta = network_metadata(
            converted.network_cfg, converted.state_dict, {"origin": converted.info}
        )
        write_network(args.out, converted.state_dict, meta)
    except (CheckpointError, OSError, ModuleNotFoundError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    config = ", ".join(f"{key}={value!r}" for key, value in converted.network_cfg.items())
    print(f"{args.source} -> {args.out}")
    print(f"network: {config}")
    print(f"form: {converted.info['form']}, {meta['parameters']:,} parameters")
    print(f"sha256 of the source: {converted.info['sha256']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
