"""The steps of the demo, in order."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mmengine.config import Config

from mmsrkd import __version__
from mmsrkd.apis.demo.console import output_to, terminal
from mmsrkd.apis.demo.contestants import Contestant, contestants, measure, published_student
from mmsrkd.apis.demo.report import write_demo_report
from mmsrkd.apis.demo.steps import Result, Steps
from mmsrkd.apis.demo.training import (
    CONFIG,
    config_key,
    demo_config,
    forget_training,
    train_student,
)
from mmsrkd.apis.json_file import write_json
from mmsrkd.apis.provenance import commit, provenance
from mmsrkd.apis.publish import StudentCard, publish_student
from mmsrkd.datasets.sample_images import write_sample_images
from mmsrkd.deploy import export

#: From this many steps on, the student has to beat bicubic by `LEAST_GAIN`.
JUDGED_FROM = 1000
LEAST_GAIN = 1.0  # dB of PSNR_Y


class DemoError(RuntimeError):
    """The demo ran to its end, and its result is not what it has to be."""


def run_demo(out: Path, iters: int | None = None, *, fresh: bool = False) -> dict[str, Any]:
    """Train, measure, publish, export and show a student; finished steps are not repeated.

    Args:
        out: Folder for everything: ``data/``, ``train/``, ``weights/``, ``onnx/``,
            ``summary.json``, ``report.html`` and ``demo.log``.
        iters: Training steps; the config's by default.
        fresh: Start anew.

    Returns:
        What ``summary.json`` holds: flat keys.

    Raises:
        DemoError: If the student, after at least `JUDGED_FROM` steps, does not beat bicubic by
            `LEAST_GAIN`. Summary and report are written before.
    """
    out = out.absolute()
    with output_to(out / "demo.log"):
        summary = _run(out, iters, fresh)
    judge(summary)
    return summary


def _run(out: Path, iters: int | None, fresh: bool) -> dict[str, Any]:
    config = demo_config(out, iters)
    published = published_student(config.model.generator.scale)
    memory = out / "steps.json"
    if fresh:
        memory.unlink(missing_ok=True)
    steps = Steps(memory, f"{config_key(config)} {published and published.name}", _announce)
    if not steps.same_key:
        forget_training(config)
    results = _all_steps(steps, config, out, published)
    summary = _summary(config, results, steps.seconds, published)
    write_json(out / "summary.json", summary)
    entries = contestants(config, Path(results["train"]["checkpoint"]), published)
    write_demo_report(out, config, summary, entries)
    return summary


def _all_steps(
    steps: Steps, config: Config, out: Path, published: Path | None
) -> dict[str, Result]:
    results: dict[str, Result] = {}

    def step(name: str, title: str, work: Callable[[], Result], *wrote: Path) -> Result:
        results[name] = steps.run(name, title, work, wrote)
        return results[name]

    step("prepare", "sample images", lambda: _prepare(out / "data"), out / "data/manifest.json")
    checkpoint = Path(config.work_dir) / f"iter_{config.max_iters}.pth"
    title = f"distilling LGR-Net from SPAN, {config.max_iters} steps"
    step("train", title, lambda: {**train_student(config), **_origin()}, checkpoint)
    entries = contestants(config, checkpoint, published)
    measured = step(
        "test", "testing on held-out images", lambda: measure(entries, config, out / "test")
    )
    weights = step("publish", "publishing", lambda: _publish(entries[1], measured, out / "weights"))
    held_out = out / "data" / "HeldOut" / "HR"
    step("export", "ONNX and its proof", lambda: _export(config, weights, out / "onnx", held_out))
    return results


def _origin() -> Result:
    packages = ("torch", "onnxruntime", "mmagic", "mmdeploy", "numpy")
    versions = {name: importlib.metadata.version(name) for name in packages}
    versions = {"python": platform.python_version(), "mmsrkd": __version__, **versions}
    return {
        **provenance(),
        "meta/versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }


def _prepare(folder: Path) -> Result:
    manifest = write_sample_images(folder)
    splits = [entry["split"] for entry in manifest["files"]]
    return {
        "source": manifest["source"],
        "train_images": splits.count("train"),
        "test_images": splits.count("held-out"),
    }


def _publish(student: Contestant, measured: Result, folder: Path) -> Result:
    shutil.rmtree(folder, ignore_errors=True)
    metrics = {
        f"HeldOut/{name}": measured[f"student/{name}"] for name in ("PSNR_Y", "SSIM_Y", "PSNR_RGB")
    }
    card = StudentCard(
        config=CONFIG.stem,
        commit=commit(),
        metrics=metrics,
        training="The demo: distilled from SPAN on the pictures of scikit-image.",
        notes="Trained for minutes, to show the way; not meant for use.",
    )
    assert student.checkpoint is not None
    files = publish_student(student.checkpoint, student.generator, folder, card=card)
    return {"safetensors": str(files.safetensors), "bytes": files.safetensors.stat().st_size}


def _export(config: Config, weights: Result, folder: Path, images: Path) -> Result:
    shutil.rmtree(folder, ignore_errors=True)
    made = export(config, weights["safetensors"], folder, images=images)
    errors = {entry.size: entry.max_abs_error for entry in made.parity}
    return {
        "file": str(made.path),
        "bytes": made.path.stat().st_size,
        "errors": errors,
        "max_abs_error": made.max_abs_error,
        "tolerance": made.tolerance,
    }


def _summary(
    config: Config, results: dict[str, Result], seconds: dict[str, float], published: Path | None
) -> dict[str, Any]:
    measured, exported = results["test"], results["export"]
    gain = measured["student/PSNR_Y"] - measured["bicubic/PSNR_Y"]
    return {
        "iterations": config.max_iters,
        "train_images": results["prepare"]["train_images"],
        "test_images": results["prepare"]["test_images"],
        "images_from": results["prepare"]["source"],
        **measured,
        "student/gain_dB": gain,
        "published_file": published and published.name,
        "onnx/bytes": exported["bytes"],
        "parity/max_abs_error": exported["max_abs_error"],
        "parity/tolerance": exported["tolerance"],
        **{f"parity/{size}": error for size, error in exported["errors"].items()},
        **{f"seconds/{name}": value for name, value in seconds.items()},
        "seconds/total": round(sum(seconds.values()), 2),
        **{k: v for k, v in results["train"].items() if k.startswith("meta/")},
    }


def judge(summary: dict[str, Any]) -> None:
    """Raise `DemoError` unless the student is as good as it has to be after that many steps."""
    gain, iters = summary["student/gain_dB"], summary["iterations"]
    if iters >= JUDGED_FROM and not gain >= LEAST_GAIN:
        raise DemoError(
            f"the student beats bicubic by {gain:.2f} dB after {iters} steps, less than the "
            f"{LEAST_GAIN:.1f} dB it has to; look at the loss curves in the report"
        )


def _announce(title: str, former: float | None) -> None:
    done = f" (done before, {former:.1f} s)" if former is not None else ""
    style = "dim" if done else "bold"
    terminal().print(f"[{style}]{title}[/]{done}", soft_wrap=True)
