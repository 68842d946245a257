"""What a step of quantisation-aware training takes beside one of the same network in float."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from mmsrkd.apis.benchmark.timing import Setting, describe, in_turns, ratios_to_first, training_step
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.tables import markdown_table
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import student_config
from mmsrkd.quantization import apply_quantization, calibrate, quantizer_of
from mmsrkd.registry import MODELS

#: The first is what the others are compared with.
PARTS = ("float", "observing", "frozen")
#: What is timed unless configs are named.
CONFIGS = (
    "configs/lgrnet/lgrnet_qat_x2_small.py",
    "configs/lgrnet/lgrnet_qat_x2.py",
    "configs/span/span_qat_x2.py",
    "configs/rlfn/rlfn_qat_x2.py",
)


def run(configs: Sequence[str] = (), setting: Setting | None = None) -> dict[str, Any]:
    """Time steps in turns: forward, L1 against a random truth, backward, Adam.

    The float rival is the same network in the form that is quantised, its blocks merged. Weights
    and pictures are channels-last, as in a training run.

    Args:
        configs: Configs with a ``quantization`` entry; `CONFIGS` if none is given.
        setting: What is timed, and where.

    Returns:
        ``steps`` by config: median milliseconds of each of `PARTS`, and ``<part>_ratio``, medians
        over the turns of what the part took over the float step; the sizes; where it was measured.

    Raises:
        ValueError: If a config does not quantise.
    """
    setting = setting or Setting()
    where = setting.take()
    lr = torch.rand(setting.batch, 3, setting.lr_patch, setting.lr_patch, device=where)
    lr = lr.contiguous(memory_format=torch.channels_last)
    steps = {path: _steps(path, lr) for path in configs or CONFIGS}
    times = in_turns(steps, setting.turns, where)
    figures = {path: ratios_to_first(taken) for path, taken in times.items()}
    return {**provenance(), **setting.as_json(), "steps": figures}


def render(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    head = ["config", "float, ms", "QAT observing, ms", "ratio", "QAT frozen, ms", "ratio"]
    rows = [
        [
            Path(path).stem,
            f"{step['float_ms']:.1f}",
            *(
                text
                for part in PARTS[1:]
                for text in (f"{step[f'{part}_ms']:.1f}", f"{step[f'{part}_ratio']:.2f}")
            ),
        ]
        for path, step in result["steps"].items()
    ]
    return f"{describe(result)}\n\n{markdown_table(head, rows)}"


def _steps(path: str, lr: Tensor) -> dict[str, Callable[[], None]]:
    config = Config.fromfile(path)
    if not config.get("quantization"):
        raise ValueError(f"{path} does not quantise; name a config with a `quantization` entry")
    generator = student_config(config.model)["generator"]
    quantised = student_config(apply_quantization(config).model)["generator"]
    with DefaultScope.overwrite_default_scope("mmsrkd"):
        plain = _ready(switch_to_deploy(MODELS.build(generator).eval()), lr)
        rounded = _ready(MODELS.build(quantised).eval(), lr)
    calibrate(rounded, [lr])
    rounded.train()
    quantizer = quantizer_of(rounded)
    step = training_step(rounded, lr)

    def observing() -> None:
        quantizer.switch(observing=True, quantising=True)
        step()

    def frozen() -> None:
        quantizer.switch(observing=False, quantising=True)
        step()

    return {"float": training_step(plain.train(), lr), "observing": observing, "frozen": frozen}


def _ready(network: nn.Module, lr: Tensor) -> nn.Module:
    return network.to(lr.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
