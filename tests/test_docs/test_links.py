"""What the pages point to is there."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(chain(ROOT.glob("*.md"), *(ROOT.glob(f"{d}/**/*.md") for d in ("docs", "configs"))))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
NAMED = re.compile(r"(?<![\w/.-])(?:configs|tools|docs|mmsrkd)/[\w./-]+\.(?:py|md|sh|svg|png)\b")
# what the reader makes
MADE = {
    "configs/compare/gradient_kd.py",
    "configs/compare/mine.py",
    "configs/gradient_kd/gradient_kd_x2_debug.py",
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_named_files_exist(page: Path) -> None:
    text = page.read_text()
    links = [link for link in LINK.findall(text) if "://" not in link]
    gone = {link for link in links if not (page.parent / link).exists()}
    gone |= {name for name in NAMED.findall(text) if not (ROOT / name).exists()}
    assert gone <= MADE


def test_a_file_that_is_gone_would_be_seen() -> None:
    text = "[a](gone.md#part) `python tools/none.py configs/a/b_x2.py`, `work/configs/c.py`"
    assert LINK.findall(text) == ["gone.md"]
    assert NAMED.findall(text) == ["tools/none.py", "configs/a/b_x2.py"]
