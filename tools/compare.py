"""Run a suite and write its page: `python tools/compare.py configs/compare/lgrnet_small.py`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Train and test the runs of a suite that have no result yet; write its page."
    )
    parser.add_argument("suite", help="suite file, e.g. configs/compare/lgrnet_small.py")
    parser.add_argument("--only", nargs="+", metavar="RUN", help="only these runs")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--page-only", action="store_true", help="run nothing, rewrite the page")
    instead.add_argument(
        "--export-again",
        action="store_true",
        help="train nothing; export finished runs again, for their times on an idle machine",
    )
    parser.add_argument(
        "--budget", metavar="NAME", help="a size the suite has, e.g. debug, small, full"
    )
    parser.add_argument(
        "--seeds", type=int, metavar="N", help="repeat runs that name no seed with seeds 0..N-1"
    )
    parser.add_argument("--device", choices=("cpu", "cuda"), help="default: CUDA where there is")
    parser.add_argument("--results", default="docs/results", help="folder of pages and JSON")
    parser.add_argument("--work-dir", default="work_dirs/compare", help="folder of the trainings")
    parser.add_argument("--json", metavar="FILE", help="also write everything into one file")
    return parser.parse_args()


def use_device(name: str | None) -> None:
    """Choose the device before torch looks for one.

    Raises:
        RuntimeError: If CUDA is wanted and there is none.
    """
    if name == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if name == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise RuntimeError(
                f"--device cuda: torch {torch.__version__} finds no CUDA device; install a CUDA "
                "build of torch, or use --device cpu"
            )


def write_page(args: argparse.Namespace) -> None:
    """Run what is missing, then write page, plot and JSON."""
    from mmsrkd.apis import compare
    from mmsrkd.apis.cli import config_file
    from mmsrkd.apis.json_file import write_json
    from mmsrkd.checkpoints import atomic_write_bytes

    suite = compare.load_suite(config_file(args.suite), args.budget, args.seeds)
    results, page = (Path(args.results) / f"{suite.folder}{end}" for end in ("", ".md"))
    conditions = compare.unequal_conditions(suite)
    for name, found in conditions.items():
        for sentence in found:
            print(f"not the twin's conditions: {name}: {sentence}")
    if not args.page_only:
        work_dirs = Path(args.work_dir) / suite.folder
        compare.run_suite(suite, results, work_dirs, args.only, again=args.export_again)
    measured = compare.read_results(suite, results)
    picture = compare.draw(suite, measured)
    page.parent.mkdir(parents=True, exist_ok=True)
    if picture:
        atomic_write_bytes(page.with_suffix(".svg"), picture)
    text = compare.render(suite, measured, conditions, picture is not None)
    atomic_write_bytes(page, text.encode())
    if args.json:
        write_json(args.json, compare.as_json(suite, measured, conditions))
    print(f"wrote {page}")


def main() -> None:
    """Parse, run what is missing, write the page."""
    args = parse_args()
    from mmsrkd.apis.allocator import keep_freed_memory
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        keep_freed_memory()
        use_device(args.device)
        write_page(args)


if __name__ == "__main__":
    main()
