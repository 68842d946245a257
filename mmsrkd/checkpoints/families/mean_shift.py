"""The 1x1 convolutions that take off and add the mean in EDSR-PyTorch and its descendants."""

from __future__ import annotations

import torch
from torch import Tensor

from mmsrkd.checkpoints.families.family import State

KEYS = tuple(f"{name}.{kind}" for name in ("sub_mean", "add_mean") for kind in ("weight", "bias"))
DIV2K_MEAN = [0.4488, 0.4371, 0.4040]


def absorb_mean_shift(
    state: State, first: str, last: str, factor: float = 255.0
) -> tuple[dict[str, Tensor], list[float]]:
    """Turn a network between ``sub_mean`` and ``add_mean`` into one between ``- mean``, ``+ mean``.

    Exact, range included: the foreign network takes and returns 0..factor, ours [0, 1]. In RCAN's
    code the two shifts were trained too, if only by accident, so that they need not be pure shifts:
    what they mix goes into the neighbouring convolutions.

    Args:
        state: Bare state dict with :data:`KEYS`; not changed.
        first: Name of the first convolution.
        last: Name of the last, which has a bias.
        factor: White of the foreign images.

    Returns:
        The state dict without the shifts, and the mean of [0, 1] images.
    """

    def get(key: str) -> Tensor:
        return state[key].detach().double()

    mix, offset = get("sub_mean.weight")[:, :, 0, 0], get("sub_mean.bias")
    # Seven digits of a float32 are the number somebody typed.
    exact = -torch.linalg.solve(mix, offset) / factor
    mean = [float(f"{value:.7g}") for value in exact.tolist()]
    out_mix, out_offset = get("add_mean.weight")[:, :, 0, 0], get("add_mean.bias")
    bias = (out_mix @ get(f"{last}.bias") + out_offset) / factor - torch.tensor(mean).double()
    edits = {
        f"{first}.weight": torch.einsum("oihw,ic->ochw", get(f"{first}.weight"), mix) * factor,
        f"{last}.weight": torch.einsum("co,oihw->cihw", out_mix, get(f"{last}.weight")) / factor,
        f"{last}.bias": bias,
    }
    folded = {key: value for key, value in state.items() if key not in KEYS}
    folded.update({key: value.to(state[key].dtype) for key, value in edits.items()})
    return folded, mean
