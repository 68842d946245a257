from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ModuleT = TypeVar("ModuleT", bound=nn.Module)

_KINDS = ("weight", "bias")


class ReparamBlock(nn.Module):
    """A block that trains with several branches and is deployed as one convolution.

    A subclass has two forms. The train form holds the parameters of its branches; the deploy form
    holds a single convolution called ``eval_conv`` and no branch. :meth:`switch_to_deploy` goes
    from the first to the second, once and on request; ``eval()`` never does. A deploy-form block
    accepts a train-form state and merges it while loading.

    The branches are linear, so the train form does not run them one by one over the picture: it
    merges their kernels in every forward pass and convolves once (:meth:`convolve`). Output and
    gradients are those of the branches but for rounding, at a fraction of the time
    ("collapsed training", SESR, MLSys 2022).

    A subclass says how its branches merge (:meth:`merge`), what the merged convolution looks like
    (:meth:`build_conv`) and which children are branches (:attr:`BRANCHES`, which are the train-form
    key prefixes too).
    """

    BRANCHES: tuple[str, ...] = ()
    __constants__ = ("deploy",)  # so that TorchScript compiles the present form alone

    deploy: bool

    def merge(self, state: Mapping[str, Tensor], prefix: str) -> tuple[Tensor, Tensor | None]:
        """Return kernel and bias (or ``None``) that equal a train-form state.

        Differentiable, and in the precision of ``state``.
        """
        raise NotImplementedError

    def build_conv(self) -> nn.Conv2d:
        """Return a new convolution of the merged shape."""
        raise NotImplementedError

    def convolve(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H, W), in either form."""
        if self.deploy:
            return self.eval_conv(x)
        weight, bias = self._merged()
        return F.conv2d(x, weight, bias, padding=weight.shape[-1] // 2)

    def _merged(self) -> tuple[Tensor, Tensor | None]:
        own = dict(self.named_parameters())
        like = next(iter(own.values()))
        # Products of several kernels want more than the 8 bits of bfloat16, the result does not.
        with torch.autocast(like.device.type, enabled=False):
            state = own if like.dtype.itemsize > 2 else {k: v.float() for k, v in own.items()}
            weight, bias = self.merge(state, "")
        return weight.to(like.dtype), None if bias is None else bias.to(like.dtype)

    @torch.no_grad()
    def switch_to_deploy(self) -> None:
        """Merge the branches and keep only ``eval_conv``; a no-op for a block already switched."""
        if self.deploy:
            return
        like = next(self.parameters())
        weight, bias = self.merge(_in_double(self.state_dict(), ""), "")
        conv = self.build_conv()
        conv = conv.to(device=like.device, dtype=like.dtype).requires_grad_(like.requires_grad)
        conv.weight.copy_(weight)
        if bias is not None:
            conv.bias.copy_(bias)  # type: ignore[union-attr]
        conv.train(self.training)
        for name in {branch.partition(".")[0] for branch in self.BRANCHES}:
            delattr(self, name)
        self.eval_conv = conv
        self.deploy = True

    def adapt_state(self, state: MutableMapping[str, Tensor], prefix: str) -> None:
        """Rewrite, in place, the entries of ``state`` under ``prefix`` for this block's form.

        A train-form state is merged when the block is in deploy form; copies of the merged kernel
        are dropped when the block is in train form. Other entries stay as they are.
        """
        branches = [key for key in state if self._is_branch(key, prefix)]
        found = {key[len(prefix) :].rpartition(".")[0] for key in branches}
        if not all(branch in found for branch in self.BRANCHES):
            return
        if not self.deploy:
            for kind in _KINDS:
                state.pop(f"{prefix}eval_conv.{kind}", None)
            return
        like = state[branches[0]]
        merged = self.merge(_in_double(state, prefix), prefix)
        for kind, value in zip(_KINDS, merged, strict=True):
            state.pop(f"{prefix}eval_conv.{kind}", None)
            if value is not None:
                state[f"{prefix}eval_conv.{kind}"] = value.to(like.dtype)
        for key in branches:
            del state[key]

    def _is_branch(self, key: str, prefix: str) -> bool:
        return key.startswith(prefix) and key[len(prefix) :].rpartition(".")[0] in self.BRANCHES

    def published_extra_parameters(self) -> int:
        """Number of parameters that the authors count besides the ones this block holds."""
        return 0

    def _load_from_state_dict(
        self, state_dict: MutableMapping[str, Tensor], prefix: str, *args: object
    ) -> None:
        self.adapt_state(state_dict, prefix)
        super()._load_from_state_dict(state_dict, prefix, *args)


def _in_double(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k: v.detach().double() for k, v in state.items() if k.startswith(prefix)}


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
    :func:`count_parameters` for published counts.

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
            self.eval_conv = self.build_conv()
            return
        self.sk = nn.Conv2d(in_channels, out_channels, 1)
        self.conv = nn.Sequential(
            nn.Conv2d(in_channels, in_channels * gain, 1),
            nn.Conv2d(in_channels * gain, out_channels * gain, 3),
            nn.Conv2d(out_channels * gain, out_channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C_in, H, W) to (N, C_out, H, W)."""
        return self.convolve(x)

    def build_conv(self) -> nn.Conv2d:
        """Return a new 3x3 convolution."""
        return nn.Conv2d(self.in_channels, self.out_channels, 3, padding=1)

    def merge(self, state: Mapping[str, Tensor], prefix: str) -> tuple[Tensor, Tensor]:
        """Return the kernel (O, I, 3, 3) and bias (O,) that equal the branches.

        The official code pads before the first 1x1, so that its bias also reaches the border: only
        then is the merge exact there.
        """

        def get(name: str) -> tuple[Tensor, Tensor]:
            weight, bias = (state[f"{prefix}{name}.{kind}"] for kind in _KINDS)
            return weight, bias

        (skip, skip_bias), (first, first_bias) = get("sk"), get("conv.0")
        (middle, middle_bias), (last, last_bias) = get("conv.1"), get("conv.2")
        last = last[:, :, 0, 0]
        weight = torch.einsum("op,pmhw,mi->oihw", last, middle, first[:, :, 0, 0])
        bias = last @ (middle_bias + middle.sum((2, 3)) @ first_bias) + last_bias
        return weight + F.pad(skip, (1, 1, 1, 1)), bias + skip_bias

    def published_extra_parameters(self) -> int:
        """Size of the frozen merged kernel of the authors' train form."""
        return 0 if self.deploy else self.out_channels * (self.in_channels * 9 + 1)
