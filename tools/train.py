"""Train a network: `python tools/train.py configs/lgrnet/lgrnet_kd_x2.py`."""

from __future__ import annotations

import argparse

from mmsrkd.apis.allocator import keep_freed_memory
from mmsrkd.apis.cli import add_runtime_flags, load_config
from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Train a network, with or without a teacher.")
    parser.add_argument("config", help="config file, e.g. configs/lgrnet/lgrnet_kd_x2.py")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="auto",
        metavar="CHECKPOINT",
        help="go on from this checkpoint; without a value, from the newest sound one",
    )
    parser.add_argument("--amp", action="store_true", help="automatic mixed precision")
    parser.add_argument("--auto-scale-lr", action="store_true", help="scale lr by the batch size")
    parser.add_argument(
        "--no-validate", action="store_true", help="do not validate during training"
    )
    add_runtime_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Parse, read the config, train."""
    args = parse_args()
    with one_line_errors():
        keep_freed_memory()
        config = load_config(args)
        from mmsrkd.apis.train import train

        if args.no_validate:
            config.update(val_cfg=None, val_dataloader=None, val_evaluator=None)
        train(config, resume=args.resume, amp=args.amp, auto_scale_lr=args.auto_scale_lr)


if __name__ == "__main__":
    main()
