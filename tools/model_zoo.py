"""Count every network and write docs/model_zoo.md: `python tools/model_zoo.py --json zoo.json`."""

from __future__ import annotations

import argparse
from pathlib import Path


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description="Parameters, multiply-adds, published and measured quality of every network."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    parser.add_argument(
        "--root", type=Path, default=Path(__file__).parents[1], help="repository with configs/"
    )
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="page to write (default: docs/model_zoo.md)"
    )
    return parser.parse_args()


def main() -> None:
    """Collect, print, write the page and its picture."""
    args = parse_args()
    from mmsrkd.apis.errors import one_line_errors

    with one_line_errors():
        from mmsrkd.apis.json_file import write_json
        from mmsrkd.apis.model_zoo import collect, draw, render
        from mmsrkd.checkpoints import atomic_write_bytes

        entries = collect(args.root)
        page = args.page or args.root / "docs/model_zoo.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = render(entries)
        atomic_write_bytes(page, text.encode())
        atomic_write_bytes(page.with_suffix(".svg"), draw(entries))
        if args.json:
            write_json(args.json, [entry.as_json() for entry in entries])
        print(text)
        print(f"wrote {page} and {page.with_suffix('.svg')}")


if __name__ == "__main__":
    main()
