"""How many images a second networks restore, taking turns on one machine."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import nn

from mmsrkd.apis.benchmark.timing import timed
from mmsrkd.apis.complexity import count_parameters
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.tables import markdown_table
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers import student_config
from mmsrkd.registry import MODELS

#: The SR-deblur paper's: a camera image is deblurred, or a small one enlarged to its size.
INPUTS = ("deblur:984x1240", "sr:246x310")
DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}


@dataclass(frozen=True)
class Workload:
    """One image to restore.

    Attributes:
        form: What is asked of a network that offers several, such as ``deblur``; None for its only.
        height: Of the input.
        width: Of the input.
    """

    form: str | None
    height: int
    width: int

    @classmethod
    def parse(cls, text: str) -> Workload:
        """Read ``HxW`` or ``form:HxW``.

        Raises:
            ValueError: It is neither.
        """
        form, _, size = text.rpartition(":")
        try:
            height, width = (int(side) for side in size.split("x"))
        except ValueError:
            raise ValueError(
                f"input {text!r} is not HxW or form:HxW, e.g. sr:246x310; correct it"
            ) from None
        return cls(form or None, height, width)

    def __str__(self) -> str:
        return f"{self.form or 'image'} {self.width}x{self.height}"


def measure_speed(
    configs: Sequence[str],
    inputs: Sequence[str] = INPUTS,
    *,
    turns: int = 20,
    warm_up: int = 2,
    device: str | None = None,
    dtype: str = "fp32",
    channels_last: bool = False,
) -> dict[str, Any]:
    """Time the networks of configs, one image at a time, in deploy form with random weights.

    Networks take turns on every input, so that whatever else the machine does meets all alike.

    Args:
        configs: Of a distilling one, the student.
        inputs: As `Workload.parse`.
        turns: Turns counted.
        warm_up: Turns before those.
        device: ``cpu`` or ``cuda``; a GPU if there is one and nothing is said.
        dtype: One of `DTYPES`, for weights and images.
        channels_last: Memory layout of both.

    Returns:
        ``speed`` by input and config (``fps``, ``ms``, and ``ratio``: how many times as fast as the
        first config, the median over the turns), ``parameters`` by config, and where it was
        measured.

    Raises:
        ValueError: A number is not positive, an input is malformed, or a network has not the form.
    """
    if min(turns, warm_up) < 1:
        raise ValueError(f"turns and warm_up must be 1 or more, got {turns} and {warm_up}")
    where = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    layout = torch.channels_last if channels_last else torch.contiguous_format
    networks = {
        Path(path).stem: build(path).to(where, DTYPES[dtype]).to(memory_format=layout)  # type: ignore[call-overload]
        for path in configs
    }
    speed: dict[str, dict[str, dict[str, float]]] = {}
    for workload in map(Workload.parse, inputs):
        calls = {
            name: _call(network, workload, where, DTYPES[dtype], layout)
            for name, network in networks.items()
        }
        speed[str(workload)] = _take_turns(calls, turns, warm_up, where)
    return {
        **provenance(),
        "device": torch.cuda.get_device_name(where) if where.type == "cuda" else "cpu",
        "dtype": dtype,
        "channels_last": channels_last,
        "turns": turns,
        "parameters": {name: count_parameters(network) for name, network in networks.items()},
        "speed": speed,
    }


def build(path: str) -> nn.Module:
    """Build the network of a config in the form it is deployed in, in evaluation mode."""
    config = student_config(Config.fromfile(path).model)
    with DefaultScope.overwrite_default_scope("mmsrkd"):
        network: nn.Module = MODELS.build(dict(config["generator"]))
    return switch_to_deploy(network).eval()


def render(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    rows = [
        [name, f"{result['parameters'][name]:,}", workload, f"{one['ms']:.2f}",
         f"{one['fps']:.3g}", f"{one['ratio']:.2f}"]
        for workload, entries in result["speed"].items()
        for name, one in entries.items()
    ]  # fmt: skip
    head = ["network", "parameters", "input", "ms", "FPS", "times as fast"]
    layout = "channels-last" if result["channels_last"] else "channels-first"
    where = result["device"] if result["device"] != "cpu" else result["meta/machine"]
    return (
        f"{where}; {result['dtype']}, {layout}, one image at a time, medians of "
        f"{result['turns']} turns\n\n{markdown_table(head, rows)}"
    )


def _call(
    network: nn.Module,
    workload: Workload,
    device: torch.device,
    dtype: torch.dtype,
    layout: torch.memory_format,
) -> Callable[[], None]:
    form = workload.form
    if form is not None and not hasattr(network, "output_names"):
        raise ValueError(
            f"{type(network).__name__} has no forms, so none called {form!r}: give "
            f"--inputs {workload.height}x{workload.width}"
        )
    generator = torch.Generator().manual_seed(0)
    image = torch.rand(1, 3, workload.height, workload.width, generator=generator)
    image = image.to(device, dtype).contiguous(memory_format=layout)

    @torch.no_grad()
    def call() -> None:
        network(image) if form is None else network(image, form=form)

    return call


def _take_turns(
    calls: Mapping[str, Callable[[], None]], turns: int, warm_up: int, device: torch.device
) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(warm_up + turns):
        for name, call in calls.items():
            milliseconds = timed(call, device)
            if turn >= warm_up:
                times[name].append(milliseconds)
    first = next(iter(times.values()))
    return {
        name: {
            "ms": statistics.median(taken),
            "fps": 1000 / statistics.median(taken),
            "ratio": statistics.median(a / b for a, b in zip(first, taken, strict=True)),
        }
        for name, taken in times.items()
    }
