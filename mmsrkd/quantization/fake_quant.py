"""Rounding to integers and back, with a gradient, as a module that a network can own."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from .grid import SMALLEST_RANGE, Grid
from .observers import Observer

#: By how much the grid of what rounding leaves over is finer: its 256 integers fill one step.
FINER = 256


class QuantizeDequantize(torch.autograd.Function):
    """What an exporter sees of a fake-quantiser: a QuantizeLinear and a DequantizeLinear.

    torch exports its own operator only for full 8 bits; weights of 7 or 4 need this one.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, scale: Tensor, zero_point: Tensor, lowest: int, highest: int, axis: int
    ) -> Tensor:
        """Round as the fake-quantise operators do."""
        return _fake_quantize(x, scale, zero_point, lowest, highest, None if axis < 0 else axis)

    @staticmethod
    def symbolic(
        g: Any, x: Any, scale: Any, zero_point: Any, lowest: int, highest: int, axis: int
    ) -> Any:
        """Emit the pair; fewer than 8 bits of an activation need a Clip in front."""
        kind = torch.int8 if lowest < 0 else torch.uint8
        zero = g.op("Cast", zero_point, to_i=3 if kind is torch.int8 else 2)
        attributes = {} if axis < 0 else {"axis_i": axis}
        full = (-128, 127) if lowest < 0 else (0, 255)
        if axis < 0 and (lowest, highest) != full:
            x = _clip(g, x, scale, zero_point, lowest, highest)
        integers = g.op("QuantizeLinear", x, scale, zero, **attributes)
        return g.op("DequantizeLinear", integers, scale, zero, **attributes).setType(x.type())


def _clip(g: Any, x: Any, scale: Any, zero_point: Any, lowest: int, highest: int) -> Any:
    zero = g.op("Cast", zero_point, to_i=1)
    bounds = []
    for integer in (lowest, highest):
        constant = g.op("Constant", value_t=torch.tensor(float(integer)))
        bounds.append(g.op("Mul", g.op("Sub", constant, zero), scale))
    return g.op("Clip", x, *bounds).setType(x.type())


class _InPasses(torch.autograd.Function):
    """What torch's per-tensor operator gives, to the bit, in a few vectorised passes.

    Its CPU kernel takes one number at a time and about seven times as long, forward and backward.
    The gradient stops half an integer beyond the ends, where rounding begins to saturate.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, scale: Tensor, zero_point: Tensor, lowest: int, highest: int
    ) -> Tensor:
        step, zero, inverse = float(scale), float(zero_point), float(scale.reciprocal())
        low, high = lowest - zero, highest - zero
        ctx.save_for_backward(x)
        ctx.ends = ((low - 0.5) * step, (high + 0.5) * step)
        return x.mul(inverse).round_().clamp_(low, high).mul_(step)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None, None, None]:
        (x,) = ctx.saved_tensors
        return torch.ops.aten.hardtanh_backward(grads[0], x, *ctx.ends), None, None, None, None


def _fake_quantize(
    x: Tensor, scale: Tensor, zero_point: Tensor, lowest: int, highest: int, axis: int | None
) -> Tensor:
    if axis is None:
        return torch.fake_quantize_per_tensor_affine(x, scale, zero_point, lowest, highest)
    return torch.fake_quantize_per_channel_affine(x, scale, zero_point, axis, lowest, highest)


def _onto(grid: Grid, scale: Tensor, zero: Tensor, x: Tensor) -> Tensor:
    """Round to a grid, in a form that can be exported."""
    axis, limits = grid.channel_axis, (grid.lowest, grid.highest)
    if torch.onnx.is_in_onnx_export():
        if axis is None:
            scale, zero = scale.reshape(()), zero.reshape(())
        rounded: Tensor = QuantizeDequantize.apply(
            x, scale, zero, *limits, -1 if axis is None else axis
        )
    elif axis is None and x.device.type == "cpu":
        rounded = _InPasses.apply(x, scale, zero, *limits)
    else:
        rounded = _fake_quantize(x, scale, zero, *limits, axis)
    return rounded


class FakeQuantize(nn.Module):
    """Rounds a tensor to a grid and back; the gradient passes where nothing saturates.

    ``observing`` and ``quantising`` are switches of whoever trains or calibrates, no state: a
    loaded network quantises and does not observe. Autocast does not reach in: rounding is done in
    float32.

    Args:
        grid: The integers.
        observer: Chooses the range while observing.
        fixed: (scale, zero point) known beforehand, never observed.
        learned: The scale is a parameter with the gradient of LSQ (Esser et al., 2020).
    """

    scale: Tensor
    zero_point: Tensor

    def __init__(
        self,
        grid: Grid,
        observer: Observer | None,
        fixed: tuple[float, int] | None = None,
        learned: bool = False,
    ) -> None:
        super().__init__()
        if (observer is None) == (fixed is None):
            raise ValueError("a fake-quantiser takes an observer or a fixed scale, one of them")
        self.grid = grid
        self.observer = observer
        self.learned = learned and fixed is None
        self.observing, self.quantising = False, True
        channels = 1 if observer is None else len(observer.low)
        start, zero = fixed or (1.0, grid.middle)
        scale = torch.full((channels,), start)
        if self.learned:
            self.scale = nn.Parameter(scale)
        else:
            self.register_buffer("scale", scale)
        self.register_buffer("zero_point", torch.full((channels,), zero, dtype=torch.int32))

    @property
    def calibrated(self) -> bool:
        """Whether the scale means anything yet."""
        return self.observer is None or self.observer.seen

    @torch.no_grad()
    def settle(self) -> None:
        """Take scale and zero point from the observer."""
        if self.observer is not None and self.observer.seen:
            scale, zero_point = self.grid.fit(*self.observer.range())
            self.scale.copy_(scale)
            self.zero_point.copy_(zero_point)

    def forward(self, x: Tensor) -> Tensor:
        """Map a tensor to one of the same shape on the grid, float32."""
        if self.observing and self.observer is not None:
            with torch.no_grad():
                self.observer.update(x.detach().float())
            if self.quantising:
                self.settle()
        if not self.quantising:
            # a learned scale stays part of the graph: DDP waits for every parameter's gradient
            return x + 0 * self.scale.sum() if self.learned and self.training else x
        with torch.autocast(x.device.type, enabled=False):
            return self._quantize(x if x.dtype == torch.float32 else x.float())

    def left_over(self, x: Tensor, rounded: Tensor) -> Tensor:
        """What rounding took away, on a grid `FINER` times finer; 0 while nothing is rounded.

        A learnt scale has no gradient from here.

        Args:
            x: A tensor.
            rounded: What `forward` made of it, same shape.
        """
        if not self.quantising:
            return torch.zeros_like(x)
        grid = Grid(8, signed=self.grid.signed)
        scale = self.scale.detach() / FINER
        if torch.onnx.is_in_onnx_export():
            scale = torch.full_like(scale, float(scale))  # a constant, no division in the file
        zero = torch.full((1,), grid.middle, dtype=torch.int32, device=x.device)
        with torch.autocast(x.device.type, enabled=False):
            return _onto(grid, scale, zero, (x - rounded).float())

    def _quantize(self, x: Tensor) -> Tensor:
        if self.learned and not torch.onnx.is_in_onnx_export():
            return self._learned(x)
        return _onto(self.grid, self.scale.detach(), self.zero_point, x)

    def _learned(self, x: Tensor) -> Tensor:
        grid, axis = self.grid, self.grid.channel_axis
        count = x.numel() / len(self.scale)
        factor = 1 / (count * max(grid.highest, 1)) ** 0.5  # Section 2.2 of LSQ
        scale, zero = self.scale.clamp(min=SMALLEST_RANGE), self.zero_point.float()
        limits = (grid.lowest, grid.highest)
        if axis is None:
            return torch._fake_quantize_learnable_per_tensor_affine(x, scale, zero, *limits, factor)
        return torch._fake_quantize_learnable_per_channel_affine(
            x, scale, zero, axis, *limits, factor
        )

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *args: Any) -> None:
        """Published networks have scales alone: what was observed follows from them."""
        if self.observer is not None and f"{prefix}observer.low" not in state_dict:
            scale, zero = state_dict.get(f"{prefix}scale"), state_dict.get(f"{prefix}zero_point")
            if scale is not None and zero is not None:
                for name, value in self.observer.state_dict().items():
                    state_dict[f"{prefix}observer.{name}"] = value
                low, high = self.grid.reach(scale, zero)
                state_dict[f"{prefix}observer.low"] = low
                state_dict[f"{prefix}observer.high"] = high
        super()._load_from_state_dict(state_dict, prefix, *args)

    def extra_repr(self) -> str:
        """Bits and sign."""
        sign = "s" if self.grid.signed else "u"
        learned = ", learned" if self.learned else ""
        return f"{sign}{self.grid.bits}{learned}"
