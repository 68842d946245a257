"""Results of several networks with a column for each scene, as TAKDSR prints them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from mmsrkd.apis.tables import markdown_table


def scene_table(results: Mapping[str, Mapping[str, Any]], metric: str, best: bool = True) -> str:
    """Lay out one metric: a row for each network, a column for each scene, and their mean.

    The mean is over scenes, each with the same weight whatever the number of its frames. Scenes of
    several data sets, told apart by what is before the colon (``BMFR:sponza``), have a table and a
    mean for each, as the paper's; a mean over both would be that of no published row.

    Args:
        results: What `mmsrkd.apis.test` returned, by name of the network.
        metric: ``PSNR_Y``, ``SSIM_RGB``, ...
        best: Set the highest value of each column in bold; values that are marked as privileged
            are shown, with the mark, and not compared.

    Raises:
        KeyError: A result does not have the metric at all; those it has are listed.
        ValueError: Networks were tested on different scenes.
    """
    values = {name: _scenes(name, result, metric) for name, result in results.items()}
    fair = {name for name in results if not _is_privileged(results[name], metric)}
    groups = _by_data_set(_common_scenes(values))
    tables = []
    for data_set, scenes in groups.items():
        head = [metric, *scenes, "mean"]
        if len(groups) > 1:
            short = [scene.removeprefix(f"{data_set}:") for scene in scenes]
            head = [f"{data_set} {metric}".strip(), *short, "mean"]
        tables.append(markdown_table(head, _rows(values, scenes, metric, fair, best)))
    return "\n\n".join(tables)


def _rows(
    values: Mapping[str, Mapping[str, float]],
    scenes: Sequence[str],
    metric: str,
    fair: Collection[str],
    best: bool,
) -> list[list[str]]:
    rows = {name: [found[scene] for scene in scenes] for name, found in values.items()}
    rows = {name: [*row, sum(row) / len(row)] for name, row in rows.items()}
    compared = [row for name, row in rows.items() if name in fair and best]
    tops = [max(column) for column in zip(*compared, strict=True)]
    lines = []
    for name, row in rows.items():
        bold = best and name in fair
        cells = [_show(metric, v, bold and v == tops[i]) for i, v in enumerate(row)]
        lines.append([name if name in fair else f"{name} (privileged)", *cells])
    return lines


def _by_data_set(scenes: Sequence[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for scene in scenes:
        data_set, colon, _ = scene.partition(":")
        groups.setdefault(data_set if colon else "", []).append(scene)
    return groups


def _common_scenes(values: Mapping[str, Mapping[str, float]]) -> list[str]:
    first, *others = values
    for name in others:
        odd = sorted(set(values[name]) ^ set(values[first]))
        if odd:
            raise ValueError(
                f"{name} was not tested on the same scenes as {first} (differing: "
                f"{', '.join(odd)}): a mean over other scenes cannot be compared"
            )
    return list(values[first])


def read_results(paths: Sequence[str | Path]) -> dict[str, dict[str, Any]]:
    """Read JSON that `tools/test.py` wrote; each is called as its file.

    Raises:
        ValueError: Two files have one name.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in map(Path, paths):
        if path.stem in found:
            raise ValueError(f"two files are called {path.stem!r}; rename one, it names the row")
        found[path.stem] = json.loads(path.read_text())
    return found


def _is_privileged(result: Mapping[str, Any], metric: str) -> bool:
    return any(key.endswith(f"/{metric}_privileged") for key in result)


def _scenes(name: str, result: Mapping[str, Any], metric: str) -> dict[str, float]:
    flat = {k: v for k, v in result.items() if k.count("/") == 1 and isinstance(v, float)}
    wanted = (metric, f"{metric}_privileged")
    found = {key.partition("/")[0]: v for key, v in flat.items() if key.partition("/")[2] in wanted}
    if not found:
        known = ", ".join(sorted({key.partition("/")[2] for key in flat})) or "none"
        raise KeyError(f"{name} has no {metric}; it has {known}")
    return found


def _show(metric: str, value: float, bold: bool) -> str:
    text = f"{value:.4f}" if metric.startswith("SSIM") else f"{value:.2f}"
    return f"**{text}**" if bold else text
