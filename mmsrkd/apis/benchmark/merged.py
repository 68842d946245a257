"""What a training step of re-parameterisable networks takes, merged and branch by branch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.apis.benchmark.timing import Setting, describe, in_turns, ratios_to_first, training_step
from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.tables import markdown_table
from mmsrkd.models.networks import SPAN
from mmsrkd.models.networks.ecbsr import ECB, ECBSR, MASKS
from mmsrkd.models.networks.reparam import Conv3XC

#: What is timed.
NETWORKS: dict[str, Callable[[], nn.Module]] = {
    "SPAN x2, 48 channels": partial(SPAN, scale=2),
    "SPAN x4, 24 channels, 4 blocks": partial(SPAN, channels=24, num_blocks=4, scale=4),
    "ECBSR x2, M10C32": partial(ECBSR, channels=32, num_blocks=10, scale=2),
}
PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}


def run(
    setting: Setting | None = None, networks: Mapping[str, Callable[[], nn.Module]] | None = None
) -> dict[str, Any]:
    """Time steps in turns: forward, L1 against a random truth, backward, Adam.

    The rival runs every branch over the picture, as the authors' code does in training.

    Args:
        setting: What is timed, and where.
        networks: By name, how each is built; `NETWORKS` if not given.

    Returns:
        ``steps`` by network and precision: median milliseconds ``branches_ms`` and ``merged_ms``,
        and ``merged_ratio``, the median over the turns of the one over the other; the sizes; where
        it was measured.
    """
    setting = setting or Setting()
    where = setting.take()
    lr = torch.rand(setting.batch, 3, setting.lr_patch, setting.lr_patch, device=where)
    lr = lr.contiguous(memory_format=torch.channels_last)
    steps = {
        f"{name}, {precision}": _steps(build(), lr, dtype)
        for name, build in (networks or NETWORKS).items()
        for precision, dtype in PRECISIONS.items()
    }
    times = in_turns(steps, setting.turns, where)
    figures = {name: ratios_to_first(taken) for name, taken in times.items()}
    return {**provenance(), **setting.as_json(), "steps": figures}


def render(result: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    head = ["network", "branch by branch, ms", "merged, ms", "ratio"]
    rows = [
        [
            name,
            f"{step['branches_ms']:.1f}",
            f"{step['merged_ms']:.1f}",
            f"{step['merged_ratio']:.2f}",
        ]
        for name, step in result["steps"].items()
    ]
    return f"{describe(result)}\n\n{markdown_table(head, rows)}"


def branch_by_branch(network: nn.Module) -> nn.Module:
    """Return a copy whose blocks compute each branch by itself."""
    rival = copy.deepcopy(network)
    for block in rival.modules():
        if isinstance(block, Conv3XC):
            block.forward = partial(_conv3xc, block)  # type: ignore[method-assign]
        elif isinstance(block, ECB):
            block.forward = partial(_ecb, block)  # type: ignore[method-assign]
    return rival


def _conv3xc(block: Conv3XC, x: Tensor) -> Tensor:
    return block.conv(F.pad(x, (1, 1, 1, 1))) + block.sk(x)


def _ecb(block: ECB, x: Tensor) -> Tensor:
    padded, inner = F.pad(x, (1, 1, 1, 1)), block.conv1x1_3x3
    out = block.conv3x3(x)
    out = out + F.conv2d(F.conv2d(padded, inner.k0, inner.b0), inner.k1, inner.b1)
    for name, mask in MASKS.items():
        edge: Any = block.get_submodule(name)
        kernel = edge.scale * torch.tensor(mask, device=x.device)
        squeezed = F.conv2d(padded, edge.k0, edge.b0)
        out = out + F.conv2d(squeezed, kernel, edge.bias, groups=block.out_channels)
    return block.act(out + x if block.with_identity else out)


def _steps(network: nn.Module, lr: Tensor, dtype: torch.dtype) -> dict[str, Callable[[], None]]:
    network = network.to(lr.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    rivals = {"branches": branch_by_branch(network), "merged": network}
    return {name: training_step(rival.train(), lr, dtype) for name, rival in rivals.items()}
