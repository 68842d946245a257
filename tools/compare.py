"""Run a suite and write its page: `python tools/compare.py configs/compare/lgrnet_small.py`."""

from __future__ import annotations

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Train and test the runs of a suite that have no result yet; write its page."
    )
    parser.add_argument("suite", help="suite file, e.g. configs/compare/lgrnet_small.py")
    parser.add_argument("--only", nargs="+", metavar="RUN", help="only these runs")
    parser.add_argument("--page-only", action="store_true", help="run nothing, rewrite the page")
    parser.add_argument("--results", default="docs/results", help="folder of pages and JSON")
    parser.add_argument("--work-dir", default="work_dirs/compare", help="folder of the trainings")
    return parser.parse_args()


def main() -> None:
    """Parse, run what is missing, write the page."""
    args = parse_args()
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        from mmsrkd.apis.compare import load_suite, read_results, run_suite
        from mmsrkd.apis.suite_report import render
        from mmsrkd.checkpoints import atomic_write_bytes

        suite = load_suite(args.suite)
        folder = Path(args.results) / suite.name
        if not args.page_only:
            run_suite(suite, folder, Path(args.work_dir) / suite.name, args.only)
        page = Path(args.results) / f"{suite.name}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        atomic_write_bytes(page, render(suite, read_results(suite, folder)).encode())
        print(f"wrote {page}")


if __name__ == "__main__":
    main()
