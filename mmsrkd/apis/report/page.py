"""Fill the template."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from mmsrkd.checkpoints.atomic import atomic_write_bytes

_TEMPLATE = Path(__file__).with_name("template")


def write_page(path: Path, data: Mapping[str, Any]) -> None:
    """Write a page that carries its style, its script, its pictures and its numbers.

    Args:
        path: HTML file, written atomically.
        data: What the script of the template shows; ``title`` is also the page's title.
    """
    page = Template((_TEMPLATE / "report.html").read_text(encoding="utf-8")).substitute(
        title=html.escape(str(data["title"])),
        style=(_TEMPLATE / "report.css").read_text(encoding="utf-8"),
        script=(_TEMPLATE / "report.js").read_text(encoding="utf-8"),
        data=_inside_script(data),
    )
    atomic_write_bytes(path, page.encode())


def _inside_script(data: Mapping[str, Any]) -> str:
    # "</script>" inside a string would end the element, "<!--" change how it is read
    return json.dumps(data, allow_nan=False).replace("<", "\\u003c")
