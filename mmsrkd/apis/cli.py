"""Flags shared by the tools, in OpenMMLab's words; needs no torch, for a fast ``--help``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmengine.config import Config

    from mmsrkd.apis.benchmark.timing import Setting

LAUNCHERS = ("none", "pytorch", "slurm", "mpi")


def add_runtime_flags(parser: argparse.ArgumentParser) -> None:
    """Add ``--work-dir``, ``--cfg-options``, ``--launcher`` and ``--local_rank``."""
    parser.add_argument(
        "--work-dir", help="where logs and checkpoints go (work_dirs/<config name>)"
    )
    parser.add_argument(
        "--cfg-options",
        nargs="+",
        action="extend",
        metavar="KEY=VALUE",
        help="override the config, e.g. model.generator.preset=S optim_wrapper.optimizer.lr=5e-4",
    )
    parser.add_argument("--launcher", choices=LAUNCHERS, default="none", help="job launcher")
    parser.add_argument("--local_rank", "--local-rank", type=int, default=0, help=argparse.SUPPRESS)


def add_step_flags(parser: argparse.ArgumentParser) -> None:
    """Add what a benchmark of training steps is told: sizes, turns, device, ``--json``."""
    parser.add_argument("--batch", type=int, default=8, help="patches in a step (%(default)s)")
    parser.add_argument(
        "--lr-patch", type=int, default=48, help="side of an LR patch (%(default)s)"
    )
    parser.add_argument("--turns", type=int, default=7, help="turns counted (%(default)s)")
    parser.add_argument("--threads", type=int, help="CPU threads (default: as torch finds)")
    parser.add_argument("--device", help="cpu, cuda (default: a GPU if there is one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")


def step_setting(args: argparse.Namespace) -> Setting:
    """What the flags of `add_step_flags` say."""
    from mmsrkd.apis.benchmark.timing import Setting

    return Setting(args.batch, args.lr_patch, args.turns, args.threads, args.device)


def load_config(args: argparse.Namespace) -> Config:
    """Read the config named by ``args.config`` and apply the runtime flags.

    Raises:
        SystemExit: If there is no such file; similar ones in the folder are listed.
    """
    path = config_file(args.config)
    os.environ.setdefault("LOCAL_RANK", str(args.local_rank))
    from mmengine.config import Config

    config = Config.fromfile(path)
    if args.cfg_options:
        config.merge_from_dict(parse_options(args.cfg_options))
    config.launcher = args.launcher
    default_dir = config.get("work_dir") or str(Path("work_dirs") / path.stem)
    config.work_dir = args.work_dir or default_dir
    return config


def config_file(text: str) -> Path:
    """The path of a config, a stages file or a suite that has to be there.

    Raises:
        SystemExit: If there is no such file; similar ones in the folder are listed.
    """
    path = Path(text)
    if not path.is_file():
        raise SystemExit(f"error: no config file {path}{_similar(path)}")
    return path


def parse_options(pairs: list[str]) -> dict[str, object]:
    """Parse ``KEY=VALUE`` pairs as mmengine's `DictAction` does.

    Raises:
        SystemExit: If a pair has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise SystemExit(f"error: --cfg-options wants KEY=VALUE, got {pair!r}")
    from mmengine.config import DictAction

    parser = argparse.ArgumentParser()
    parser.add_argument("--options", nargs="+", action=DictAction)
    return parser.parse_args(["--options", *pairs]).options


def _similar(path: Path) -> str:
    import difflib

    folder = path.parent if path.parent.is_dir() else Path("configs")
    names = [str(p) for p in folder.rglob("*.py")]
    found = difflib.get_close_matches(str(path), names, n=3, cutoff=0.4)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def parse_shape(flag: str, text: str | None) -> tuple[int, ...] | None:
    """Read ``1x3x256x256``; None stays None.

    Raises:
        ValueError: If it is not four numbers.
    """
    if text is None:
        return None
    parts = text.lower().split("x")
    if len(parts) != 4 or not all(part.isdigit() for part in parts):
        raise ValueError(f"{flag} {text} is not NxCxHxW: give it such as 1x3x256x256")
    return tuple(int(part) for part in parts)
