"""Networks in every runtime of this machine, in float and in int8, timed in one run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from mmengine.config import Config
from torch import nn

from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.apis.speed import build
from mmsrkd.apis.tables import markdown_table
from mmsrkd.checkpoints import load_network
from mmsrkd.deploy import export
from mmsrkd.deploy.backends import Artefact, get_backend
from mmsrkd.deploy.latency import Opener, eager, measure_latency

#: Runtimes in the order of the table, with the preset their int8 files are made with, if they have
#: any.
PRESETS = {"onnxruntime": "cpu", "openvino": "openvino", "ncnn": None}
PYTORCH = "PyTorch fp32"
#: Speed does not depend on how near a file is, and random weights make it hard to be near.
_ANY_DB = 1e9
#: Pictures that ranges are found with: enough for a file that runs.
_PICTURES = 4


def measure_runtimes(
    configs: Sequence[str],
    checkpoint: str | None = None,
    *,
    shape: Sequence[int] = (1, 3, 180, 320),
    threads: int = 0,
    turns: int = 20,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Export networks to every installed runtime and time all files and PyTorch in turns.

    Args:
        configs: Of a distilling one, the student.
        checkpoint: Float weights of the only config; else random ones, at which it takes as long.
        shape: (N, 3, H, W) of the input, which may have any size in the files.
        threads: For each contestant; 0 for as many as PyTorch uses.
        turns: Turns counted.
        say: Told what happens.

    Returns:
        ``latency`` by config and contestant (``median_ms``, ``min_ms``), the setting, and where it
        was measured.

    Raises:
        ValueError: If the shape has not four numbers, a number is not positive, or there is one
            checkpoint for several configs.
        ExportError: If a network cannot be exported.
    """
    if len(shape) != 4 or min(*shape, turns) < 1 or threads < 0:
        raise ValueError(
            f"shape must be N, C, H, W, all of them and turns 1 or more, threads 0 or more; got "
            f"{tuple(shape)}, {turns} and {threads}"
        )
    if checkpoint and len(configs) != 1:
        raise ValueError(f"one checkpoint is for one config, not for {len(configs)}: leave it out")
    contestants: dict[str, Opener] = {}
    with TemporaryDirectory() as name:
        for number, config in enumerate(dict.fromkeys(configs)):
            say(config)
            found = _contestants(config, checkpoint, Path(name) / str(number), say)
            contestants |= {f"{config}|{label}": opener for label, opener in found.items()}
        say(f"timing {len(contestants)} in turns")
        n, c, h, w = shape
        times = measure_latency(contestants, (n, c, h, w), threads=threads, runs=turns)
    latency: dict[str, dict[str, dict[str, float]]] = {config: {} for config in configs}
    for one in times:
        config, _, label = one.label.partition("|")
        latency[config][label] = {"median_ms": one.median_ms, "min_ms": one.min_ms}
    return {
        **provenance(),
        "checkpoint": Path(checkpoint).name if checkpoint else "random weights",
        "shape": list(shape),
        "threads": threads or torch.get_num_threads(),
        "turns": turns,
        "latency": latency,
    }


def _contestants(
    config: str, checkpoint: str | None, folder: Path, say: Callable[[str], None]
) -> dict[str, Opener]:
    """One network in PyTorch and in every runtime."""
    folder.mkdir()
    network = build(config)
    weights = checkpoint or str(_random_weights(network, folder))
    load_network(network, weights)
    found = {PYTORCH: eager(network), f"{PYTORCH}, NHWC": eager(network, channels_last=True)}
    for artefact in _files(Config.fromfile(config), weights, folder, say):
        label = f"{artefact.backend} {artefact.precision}"
        found[label] = _opener(get_backend(artefact.backend).open, artefact)
    return found


def _random_weights(network: nn.Module, folder: Path) -> Path:
    path = folder / "random.pth"
    torch.save(network.state_dict(), path)
    return path


def _opener(open_file: Callable[[Artefact, int], Any], artefact: Artefact) -> Opener:
    return lambda threads: open_file(artefact, threads)


def _files(
    config: Config, weights: str, folder: Path, say: Callable[[str], None]
) -> list[Artefact]:
    """Export to what is installed."""
    made = []
    for backend, preset in PRESETS.items():
        if missing := get_backend(backend).missing():
            say(f"{backend} is left out: {missing}")
            continue
        say(f"exporting for {backend}")
        made.append(_exported(config, weights, folder, backend, "fp32"))
        if preset:
            rounded = quantize_checkpoint(
                config, weights, folder / f"{preset}.pth",
                {"preset": preset}, limit=_PICTURES, weight_rounding="nearest",
            ).path  # fmt: skip
            made.append(_exported(config, str(rounded), folder, backend, "int8"))
    return made


def _exported(config: Config, weights: str, folder: Path, backend: str, precision: str) -> Artefact:
    return export(
        config, weights, folder / backend, backend=backend, precision=precision, budget_db=_ANY_DB
    ).artefact


def render(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    rows = [
        [Path(config).stem, label, f"{one['median_ms']:.1f}", f"{one['min_ms']:.1f}",
         f"{latency[PYTORCH]['median_ms'] / one['median_ms']:.2f}", _over_float(label, latency)]
        for config, latency in result["latency"].items()
        for label, one in latency.items()
    ]  # fmt: skip
    head = ["network", "runtime", "ms (median)", "ms (min)", "times as fast as PyTorch",
            "int8 over its float"]  # fmt: skip
    shape = "x".join(map(str, result["shape"]))
    return (
        f"{result['checkpoint']}, input {shape}, {result['threads']} thread(s), "
        f"{result['turns']} turns in one run. {result['meta/machine']}, "
        f"{result['meta/date'][:10]}, commit {result['meta/commit']}.\n\n"
        f"`{result['meta/command']}`\n\n{markdown_table(head, rows)}\n"
    )


def _over_float(label: str, latency: Mapping[str, Mapping[str, float]]) -> str:
    plain = label.replace("int8", "fp32")
    if plain == label or plain not in latency:
        return "-"
    return f"{latency[plain]['median_ms'] / latency[label]['median_ms']:.2f}"
