from __future__ import annotations

from collections.abc import MutableMapping
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ModuleT = TypeVar("ModuleT", bound=nn.Module)


class ReparamBlock(nn.Module):
    """A block that trains with several branches and is deployed as one convolution.

    A subclass has two forms. The train form holds its branches; the deploy form holds a single
    convolution called ``eval_conv`` and no branch. :meth:`switch_to_deploy` goes from the first to
    the second, once and on request; ``eval()`` never merges anything, so tracing, quantisation and
    speed in evaluation are those of the form the block is in.
    """

    deploy: bool

    def switch_to_deploy(self) -> None:
        """Replace the branches by ``eval_conv``; a no-op for a block already switched."""
        raise NotImplementedError

    def adapt_state(self, state: MutableMapping[str, Tensor], prefix: str) -> None:
        """Rewrite, in place, the entries of ``state`` under ``prefix`` for this block's form.

        A train-form state is merged when the block is in deploy form; copies of the merged kernel
        are dropped when the block is in train form. Other entries stay as they are.
        """
        raise NotImplementedError

    def published_extra_parameters(self) -> int:
        """Number of parameters that the authors count besides the ones this block holds."""
        return 0

    def _load_from_state_dict(
        self, state_dict: MutableMapping[str, Tensor], prefix: str, *args: object
    ) -> None:
        self.adapt_state(state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *args)


def switch_to_deploy(module: ModuleT) -> ModuleT:
    """Merge every re-parameterisable block of ``module`` in place and return ``module``.

    Args:
        module: Any network or wrapper; blocks are found at any depth. Forward hooks on the blocks
            themselves survive, those on their branches go with the branches.
    """
    for block in list(module.modules()):
        if isinstance(block, ReparamBlock):
            block.switch_to_deploy()
    return module


def count_parameters(module: nn.Module, *, as_published: bool = False) -> int:
    """Count the parameters of a network.

    Args:
        module: The network.
        as_published: Also count what the authors' code carries and ours does not: the frozen
            merged kernel beside the train-form branches. With it a train-form SPAN (48 channels,
            x2) has the 2,221,140 parameters papers quote, without it 1,824,900 trainable ones.
    """
    count = sum(parameter.numel() for parameter in module.parameters())
    if as_published:
        blocks = (block for block in module.modules() if isinstance(block, ReparamBlock))
        count += sum(block.published_extra_parameters() for block in blocks)
    return count


class Conv3XC(ReparamBlock):
    """3x3 convolution trained as a 1x1 branch plus a 1x1 - 3x3 - 1x1 branch (SPAN, CVPRW 2024).

    Train-form state keys are those of the official code, ``sk``, ``conv.0``, ``conv.1`` and
    ``conv.2``. The official state dict also carries a frozen merged copy, ``eval_conv``; it is
    stale while training, so it is not kept here, only accepted (and dropped) on loading. See
    :func:`count_parameters` for published counts. A deploy-form block accepts a train-form state
    and merges it while loading.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        gain: Width factor of the inner 3x3 convolution.
        deploy: Build the merged form.
    """

    BRANCHES = ("sk", "conv.0", "conv.1", "conv.2")

    def __init__(
        self, in_channels: int, out_channels: int, gain: int = 2, *, deploy: bool = False
    ) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.deploy = deploy
        if deploy:
            self.eval_conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)
            return
        self.sk = nn.Conv2d(in_channels, out_channels, 1)
        self.conv = nn.Sequential(
            nn.Conv2d(in_channels, in_channels * gain, 1),
            nn.Conv2d(in_channels * gain, out_channels * gain, 3),
            nn.Conv2d(out_channels * gain, out_channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H, W)."""
        if self.deploy:
            return self.eval_conv(x)
        # Padding comes before the first 1x1, so that its bias also reaches the border: only then
        # is the merge exact there.
        return self.conv(F.pad(x, (1, 1, 1, 1))) + self.sk(x)

    @torch.no_grad()
    def switch_to_deploy(self) -> None:
        """Merge the branches in float64 and keep only ``eval_conv``."""
        if self.deploy:
            return
        like = self.sk.weight
        weight, bias = _merge_branches(dict(self.state_dict()), "")
        conv = nn.Conv2d(self.in_channels, self.out_channels, 3, padding=1)
        conv = conv.to(device=like.device, dtype=like.dtype).requires_grad_(like.requires_grad)
        conv.weight.copy_(weight)
        conv.bias.copy_(bias)  # type: ignore[union-attr]
        conv.train(self.training)
        del self.sk, self.conv
        self.eval_conv = conv
        self.deploy = True

    def adapt_state(self, state: MutableMapping[str, Tensor], prefix: str) -> None:
        """Merge a train-form state for the deploy form; drop merged copies for the train form."""
        branches = [f"{prefix}{name}.{kind}" for name in self.BRANCHES for kind in _KINDS]
        if not all(key in state for key in branches):
            return
        merged = [f"{prefix}eval_conv.{kind}" for kind in _KINDS]
        if not self.deploy:
            for key in merged:
                state.pop(key, None)
            return
        like = state[branches[0]]
        for key, value in zip(merged, _merge_branches(state, prefix), strict=True):
            state[key] = value.to(like.dtype)
        for key in branches:
            del state[key]

    def published_extra_parameters(self) -> int:
        """Size of the frozen merged kernel of the authors' train form."""
        return 0 if self.deploy else self.out_channels * (self.in_channels * 9 + 1)


_KINDS = ("weight", "bias")


def _merge_branches(state: MutableMapping[str, Tensor], prefix: str) -> tuple[Tensor, Tensor]:
    """Return the kernel (O, I, 3, 3) and bias (O,) that equal a train-form Conv3XC, in float64."""

    def get(name: str) -> tuple[Tensor, Tensor]:
        weight, bias = (state[f"{prefix}{name}.{kind}"].detach().double() for kind in _KINDS)
        return weight, bias

    (skip, skip_bias), (first, first_bias) = get("sk"), get("conv.0")
    (middle, middle_bias), (last, last_bias) = get("conv.1"), get("conv.2")
    last = last[:, :, 0, 0]
    weight = torch.einsum("op,pmhw,mi->oihw", last, middle, first[:, :, 0, 0])
    bias = last @ (middle_bias + middle.sum((2, 3)) @ first_bias) + last_bias
    weight[:, :, 1, 1] += skip[:, :, 0, 0]
    return weight, bias + skip_bias
