"""Say what is installed, whether mmsrkd can work with it, and how to mend what does not fit."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmsrkd.apis.environment import Report

ROOT = Path(__file__).resolve().parents[1]
TESTED = ROOT / "requirements" / "tested.json"
README = ROOT / "README.md"
MARKS = ("<!-- tested versions: start -->", "<!-- tested versions: end -->")


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=f"{__doc__} Exit code 0 if mmsrkd can work.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report here")
    parser.add_argument(
        "--update-readme",
        action="store_true",
        help="only write the table of tested versions into README.md",
    )
    return parser.parse_args()


def main() -> int:
    """Inspect, print, write the JSON."""
    args = parse_args()
    sys.path.insert(0, str(ROOT))  # so that it also runs where the package was never installed
    from mmsrkd.apis import environment

    tested = environment.read_tested(TESTED)
    if args.update_readme:
        text = with_table(README.read_text(), tested_table(tested))
        write(README, text)
        return 0
    report = environment.inspect(tested)
    print("\n".join(lines(report)))
    if args.json:
        write(args.json, json.dumps(environment.flat(report), indent=1) + "\n")
    return 0 if report.works else 1


def tested_table(tested: dict[str, str]) -> str:
    """Return the Markdown table of tested versions."""
    from mmsrkd.apis.tables import markdown_table

    return markdown_table(["package", "tested version"], list(tested.items()))


def lines(report: Report) -> list[str]:
    """Lay a report out as text."""
    from mmsrkd import __version__
    from mmsrkd.apis.environment import how_to_get
    from mmsrkd.apis.provenance import commit
    from mmsrkd.apis.tables import markdown_table

    rows = [
        [name, report.versions[name] or "-", tested, verdict(report.versions[name], tested)]
        for name, tested in report.tested.items()
    ]
    text = [f"mmsrkd {__version__}, commit {commit()}", ""]
    text += [markdown_table(["package", "installed", "tested", ""], rows), ""]
    text += [f"{name}: {fact}" for name, fact in report.facts.items()]
    if report.left_out:
        text += ["", "left out of mmagic (not needed here):"]
    for missing, names in report.left_out.items():
        text.append(f"  without {missing}: {', '.join(names)}")
        text.append(f"    to have them: {how_to_get(missing)}")
    for finding in report.findings:
        kind = "ERROR" if finding.fatal else "note"
        text += ["", f"{kind}: {finding.cause}", f"  fix: {finding.fix}"]
    return [*text, "", "mmsrkd can work here" if report.works else "mmsrkd cannot work here"]


def verdict(installed: str | None, tested: str) -> str:
    """Compare installed and tested version; local parts such as ``+cpu`` do not count."""
    if installed is None:
        return "missing"
    plain = installed.partition("+")[0]
    return "" if plain == tested or plain.startswith(f"{tested}.") else "differs"


def with_table(text: str, table: str) -> str:
    """Return a page with ``table`` between its marks.

    Raises:
        ValueError: If the marks are not there.
    """
    start, end = (text.find(mark) for mark in MARKS)
    if not -1 < start < end:
        raise ValueError(f"the page has no {MARKS[0]} followed by {MARKS[1]}")
    return f"{text[: start + len(MARKS[0])]}\n{table}\n{text[end:]}"


def write(path: Path, text: str) -> None:
    """Write atomically, with nothing but Python, since the rest may be what is broken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
    os.chmod(draft, 0o644)  # mkstemp makes private files
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(draft, path)


if __name__ == "__main__":
    sys.exit(main())
