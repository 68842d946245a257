"""What the demo's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from numpy.typing import NDArray

from mmsrkd.apis.demo.contestants import SET, Contestant
from mmsrkd.apis.image_files import read_picture
from mmsrkd.apis.report.page import write_page
from mmsrkd.apis.report.pictures import data_uri, squared_error, worst_regions
from mmsrkd.apis.report.scalars import loss_curves, read_scalars
from mmsrkd.apis.upscale import Upscaler
from mmsrkd.datasets.folders import list_images
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.evaluation.functional import psnr

_CROP = 72  # HR pixels
_CROPS = 2
_METRICS = ("PSNR_Y", "SSIM_Y", "PSNR_RGB", "parameters", "GMACs_720p", "ms_256")
_STEPS = ("prepare", "train", "test", "publish", "export")

Picture = NDArray[np.uint8]


def write_demo_report(
    out: Path, config: Config, summary: dict[str, Any], entries: Sequence[Contestant]
) -> Path:
    """Write ``report.html``.

    Args:
        out: Folder of the demo.
        config: Its config.
        summary: Its result.
        entries: The networks, first bicubic.

    Returns:
        The page.
    """
    scale = config.model.generator.scale
    enlargers = {e.key: Upscaler(e.build(), scale=scale, tile=0) for e in entries}
    files = list_images(out / "data" / SET / "HR")
    data = {
        "title": headline(summary),
        "lead": _lead(summary),
        "scale": scale,
        "rows": [_row(entry, summary) for entry in entries],
        "pictures": [_picture(path, enlargers, summary, scale) for path in files],
        "curves": loss_curves(read_scalars(Path(config.work_dir))),
        "parity": _parity(summary),
        "seconds": {name: summary[f"seconds/{name}"] for name in (*_STEPS, "total")},
        "total": _minutes(summary["seconds/total"]),
        "meta": {k.removeprefix("meta/"): v for k, v in summary.items() if k.startswith("meta/")},
        "network": _network(entries),
        "images": f"{summary['images_from']}: {summary['train_images']} to train on, "
        f"{summary['test_images']} held out",
    }
    path = out / "report.html"
    write_page(path, data)
    return path


def headline(summary: dict[str, Any]) -> str:
    """The result in a sentence."""
    gain, steps = summary["student/gain_dB"], summary["iterations"]
    if gain <= 0:
        short = f"After {steps:,} steps the student is {-gain:.1f} dB short of bicubic"
        return f"{short}: train it longer."
    time = _minutes(summary["seconds/train"])
    return f"In {time}, a small student learned to beat bicubic by {gain:.1f} dB."


def _lead(summary: dict[str, Any]) -> str:
    ratio = summary["teacher/parameters"] / summary["student/parameters"]
    return (
        f"LGR-Net with {summary['student/parameters']:,} parameters, trained from scratch for "
        f"{summary['iterations']:,} steps on {summary['train_images']} pictures under the guidance "
        f"of SPAN, a teacher {ratio:.1f} times its size. Measured on {summary['test_images']} "
        "pictures it has never seen."
    )


def _row(entry: Contestant, summary: dict[str, Any]) -> dict[str, Any]:
    values = {name: summary[f"{entry.key}/{name}"] for name in _METRICS}
    return {"key": entry.key, "title": entry.title, **values}


@torch.no_grad()
def _picture(
    path: Path, enlargers: dict[str, Upscaler], summary: dict[str, Any], scale: int
) -> dict[str, Any]:
    hr = modcrop(_colour(read_picture(path)), scale)
    lr = matlab_resize(hr, 1 / scale)
    views: dict[str, Picture] = {name: enlarge(lr) for name, enlarge in enlargers.items()}
    regions = worst_regions(squared_error(views["bicubic"], hr), _CROP, _CROPS, scale)
    crops = []
    for region in regions:
        target = region.cut(hr)
        cells: list[dict[str, Any]] = [{"key": "lr", "src": data_uri(region.cut(lr, scale))}]
        for name, view in views.items():
            cut = region.cut(view)
            # a cut can be reproduced exactly, and JSON knows no infinity
            quality = min(psnr(cut, target), 99.0)
            cells.append({"key": name, "src": data_uri(cut), "psnr": round(quality, 2)})
        cells.append({"key": "hr", "src": data_uri(target)})
        crops.append({"x": region.x, "y": region.y, "size": region.size, "cells": cells})
    return {
        "name": path.stem,
        "width": hr.shape[1],
        "height": hr.shape[0],
        "before": data_uri(views["bicubic"]),
        "after": data_uri(views["student"]),
        "psnr": {name: round(summary[f"{name}/{path.stem}/PSNR_Y"], 2) for name in views},
        "crops": crops,
    }


def _colour(image: NDArray[Any]) -> Picture:
    return np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image[..., :3]


def _network(entries: Sequence[Contestant]) -> str:
    student = next(entry for entry in entries if entry.key == "student")
    settings = [f"{k}={v}" for k, v in student.generator.items() if k != "type"]
    return f"{student.generator['type']}({', '.join(settings)})"


def _parity(summary: dict[str, Any]) -> dict[str, Any]:
    sizes = {
        key.removeprefix("parity/"): value
        for key, value in summary.items()
        if key.startswith("parity/") and key.removeprefix("parity/")[0].isdigit()
    }
    return {
        "sizes": sizes,
        "max": summary["parity/max_abs_error"],
        "tolerance": summary["parity/tolerance"],
        "bytes": summary["onnx/bytes"],
    }


def _minutes(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} seconds"
    minutes = seconds / 60
    return f"{minutes:.1f} minutes" if minutes < 10 else f"{minutes:.0f} minutes"
