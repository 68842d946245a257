"""Train several stages: `python tools/run_stages.py configs/takdsr/rlfn_x2_stages.py`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mmsrkd.apis.allocator import keep_freed_memory
from mmsrkd.apis.cli import add_runtime_flags, config_file, parse_options
from mmsrkd.apis.errors import one_line_errors


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Train the stages of a file in order, each from what those before it made."
    )
    parser.add_argument("stages", help="stages file, e.g. configs/takdsr/rlfn_x2_stages.py")
    parser.add_argument("--dry-run", action="store_true", help="print the plan and stop")
    parser.add_argument(
        "--resume",
        nargs="?",
        const="auto",
        choices=["auto"],
        help="go on with what is in the work dir; finished stages are skipped",
    )
    parser.add_argument("--amp", action="store_true", help="automatic mixed precision")
    add_runtime_flags(parser)
    return parser.parse_args()


def main() -> None:
    """Parse, print the plan, train."""
    args = parse_args()
    os.environ.setdefault("LOCAL_RANK", str(args.local_rank))
    with one_line_errors():
        keep_freed_memory()
        from mmsrkd.apis.stages import plan_table, read_stages, run_stages

        path = config_file(args.stages)
        if not path.is_file():
            raise FileNotFoundError(f"no stages file {path}")
        work_dir = args.work_dir or str(Path("work_dirs") / path.stem)
        options = parse_options(args.cfg_options) if args.cfg_options else None
        if int(os.environ.get("RANK", os.environ.get("SLURM_PROCID", 0))) == 0:
            print(plan_table(read_stages(path, options), work_dir), flush=True)
        if not args.dry_run:
            run_stages(
                path,
                work_dir,
                resume=args.resume is not None,
                options=options,
                launcher=args.launcher,
                amp=args.amp,
            )


if __name__ == "__main__":
    main()
