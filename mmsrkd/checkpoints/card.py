from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def render_card(name: str, meta: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Write the model card of a published network in Markdown.

    Args:
        name: Title.
        meta: The metadata inside the files.
        files: File name to its sha256.
    """
    config = ", ".join(f"`{key}={value!r}`" for key, value in meta["network"].items())
    image = meta["input"]
    facts = {
        "Network": config,
        "Scale": f"x{meta['scale']}" if meta["scale"] else "see the network",
        "Parameters": f"{meta['parameters']:,}",
        "Input and output": f"{image['colour']}, {image['layout']}, {image['range']}",
        "Training configuration": meta.get("config"),
        "Training": meta.get("training"),
        "Commit": meta.get("commit"),
        "Date": meta.get("date"),
        "Licence of the weights": meta.get("licence"),
        "Notes": meta.get("notes"),
    }
    sections = [f"# {name}", _table(("", ""), [(k, str(v)) for k, v in facts.items() if v])]
    metrics = meta.get("metrics") or {}
    if metrics:
        rows = [(key, f"{value:.4f}".rstrip("0").rstrip(".")) for key, value in metrics.items()]
        sections += ["## Measured", _table(("Metric", "Value"), rows)]
    sections += ["## Files", _table(("File", "sha256"), [(f"`{k}`", v) for k, v in files.items()])]
    weights = next(iter(files))
    sections += [
        "## Use",
        "```python\n"
        "from mmsrkd.checkpoints.students import build_published\n\n"
        f'network = build_published("{weights}")  # evaluation mode\n'
        "```",
        "The `.safetensors` file holds bare network keys and its metadata as JSON in the header; "
        "either file also serves as `load_from` of a mmagic editor.",
    ]
    return "\n\n".join(sections) + "\n"


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    cells = [head, ("---", "---"), *rows]
    return "\n".join(f"| {left} | {right.replace('|', chr(92) + '|')} |" for left, right in cells)
