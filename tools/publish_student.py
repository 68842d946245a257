"""Publish a trained network: bare keys, .safetensors and .pth, metadata and a model card.

python tools/publish_student.py CONFIG CHECKPOINT -o weights/ --metrics results.json
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from mmsrkd.apis.cli import parse_options


def parse_args(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path, help="training config (distilling or plain)")
    parser.add_argument("checkpoint", type=Path, help="checkpoint of that training")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--name", help="file stem (default: network and scale)")
    parser.add_argument(
        "--no-deploy", action="store_true", help="keep the branches of re-parameterised blocks"
    )
    parser.add_argument(
        "--metrics", type=Path, action="append", default=[], help="JSON that tools/test.py wrote"
    )
    parser.add_argument("--licence", default="Apache-2.0", help="licence of the weights (SPDX)")
    parser.add_argument("--training", default="", help="a sentence on data, teacher and schedule")
    parser.add_argument("--notes", default="", help="what a user should know")
    parser.add_argument("--cfg-options", nargs="+", default=[], help="config overrides, key=value")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the tool; 0 on success, 1 with one line on the error stream otherwise."""
    args = parse_args(argv)

    from mmsrkd.apis.publish import StudentCard, publish_student
    from mmsrkd.checkpoints import CheckpointError

    try:
        generator = read_generator(args.config, args.cfg_options)
        card = StudentCard(
            config=args.config.stem,
            commit=training_commit(args.checkpoint),
            licence=args.licence,
            metrics=read_metrics(args.metrics),
            training=args.training,
            notes=args.notes,
        )
        published = publish_student(
            args.checkpoint, generator, args.out, args.name, deploy=not args.no_deploy, card=card
        )
    except (CheckpointError, OSError, KeyError, ValueError) as error:
        message = error.args[0] if isinstance(error, KeyError) else error
        print(f"error: {message}", file=sys.stderr)
        return 1
    for path in (published.safetensors, published.pth, published.card):
        print(path)
    return 0


def read_generator(path: Path, options: list[str]) -> dict[str, Any]:
    """Return the network configuration of a training config."""
    from mmengine import Config

    config = Config.fromfile(path)
    if options:
        config.merge_from_dict(parse_options(options))
    model = config.get("model") or {}
    if "generator" not in model:
        raise KeyError(f"{path} has no model.generator: give the config the network trained with")
    from mmsrkd.quantization import apply_quantization, resolved

    return resolved(apply_quantization(config).model.generator.to_dict())


def read_metrics(paths: list[Path]) -> dict[str, float]:
    """Merge the means over test sets (``Set5/PSNR_Y``) of flat JSON; single images stay out."""
    merged: dict[str, float] = {}
    for path in paths:
        content = json.loads(path.read_text())
        merged.update(
            {k: v for k, v in content.items() if isinstance(v, float) and k.count("/") == 1}
        )
    return merged


def training_commit(checkpoint: Path) -> str:
    """Return the commit of the code that trained the checkpoint, or else of this checkout."""
    from mmsrkd.apis.provenance import commit
    from mmsrkd.checkpoints import read_checkpoint

    meta = read_checkpoint(checkpoint).get("meta") or {}
    return meta.get("provenance", {}).get("meta/commit") or commit()


if __name__ == "__main__":
    raise SystemExit(main())
