from __future__ import annotations

import io

import onnx
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from mmsrkd.quantization.fake_quant import FakeQuantize
from mmsrkd.quantization.grid import Grid
from mmsrkd.quantization.observers import Latest, MinMax


def rounded(x: torch.Tensor, scale: float, zero: int, low: int, high: int) -> torch.Tensor:
    return ((x / scale).round() + zero).clamp(low, high).sub(zero) * scale


def test_values_and_gradient():
    quantize = FakeQuantize(Grid(4), None, fixed=(0.5, 3))
    x = torch.linspace(-4, 9, 40, requires_grad=True)
    out = quantize(x)
    assert torch.equal(out, rounded(x, 0.5, 3, 0, 15))
    out.sum().backward()
    inside = (x / 0.5).round().add(3)
    assert torch.equal(x.grad, ((inside >= 0) & (inside <= 15)).float())


@settings(max_examples=60, deadline=None)
@given(
    exponent=st.floats(-12, 4),
    bits=st.integers(2, 8),
    signed=st.booleans(),
    zero=st.integers(0, 255),
    seed=st.integers(0, 1000),
)
def test_equals_the_operator_of_torch(exponent, bits, signed, zero, seed):
    grid = Grid(bits, signed=signed)
    zero = grid.lowest + zero % 2**bits
    quantize = FakeQuantize(grid, None, fixed=(2.0**exponent, zero))
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(2, 3, 5, 7, generator=generator) * 2 ** (exponent + bits - 1)
    ours, theirs = (x.clone().requires_grad_() for _ in range(2))
    found = quantize(ours)
    expected = torch.fake_quantize_per_tensor_affine(
        theirs, quantize.scale, quantize.zero_point, grid.lowest, grid.highest
    )
    assert torch.equal(found, expected)
    upstream = torch.randn(x.shape, generator=generator)
    found.backward(upstream)
    expected.backward(upstream)
    assert torch.equal(ours.grad, theirs.grad)


def test_autocast_does_not_coarsen_the_grid():
    quantize = FakeQuantize(Grid(8), None, fixed=(1 / 255, 0))
    x = torch.rand(64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = quantize(x)
    assert out.dtype == torch.float32
    assert torch.equal(out, quantize(x))


def test_a_learnt_step_has_the_gradient_of_lsq():
    grid = Grid(8, signed=True, symmetric=True)
    quantize = FakeQuantize(grid, MinMax(grid), learned=True)
    x = torch.randn(500, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        quantize.scale.fill_(0.02)
    upstream = torch.randn(500, generator=torch.Generator().manual_seed(1))
    quantize(x).backward(upstream)
    # Eq. 3 of LSQ: round(v / s) - v / s inside, the limit outside; scaled by 1 / sqrt(N Qp)
    ratio = x / 0.02
    slope = torch.where(
        ratio <= -128, -128.0, torch.where(ratio >= 127, 127.0, ratio.round() - ratio)
    )
    expected = (upstream * slope).sum() / (500 * 127) ** 0.5
    assert quantize.scale.grad.item() == pytest.approx(expected.item(), rel=1e-4)


def test_a_learnt_step_of_each_channel_has_the_gradient_of_lsq():
    grid = Grid(4, signed=True, symmetric=True, channel_axis=1)
    quantize = FakeQuantize(grid, Latest(grid, 3), learned=True)
    steps = torch.tensor([0.05, 0.2, 0.5])
    with torch.no_grad():
        quantize.scale.copy_(steps)
    x, upstream = torch.randn(2, 5, 3, 7, generator=torch.Generator().manual_seed(0))
    weight = x.movedim(1, 0).reshape(3, 5, 7).movedim(0, 1).clone().requires_grad_()
    given = upstream.movedim(1, 0).reshape(3, 5, 7).movedim(0, 1)
    quantize(weight).backward(given)
    ratio = (weight.detach() / steps.reshape(1, 3, 1)).double()
    low, high = grid.lowest, grid.highest
    inside = (ratio.round() >= low) & (ratio.round() <= high)
    slope = torch.where(inside, ratio.round() - ratio, ratio.clamp(low, high))
    expected = (given * slope).sum((0, 2)) / (5 * 7 * high) ** 0.5
    assert torch.allclose(quantize.scale.grad.double(), expected, rtol=1e-4)
    assert torch.equal(weight.grad, given * inside)


def test_what_was_observed_returns_from_a_file_of_scales_alone():
    grid = Grid(7, signed=True, symmetric=True, channel_axis=0)
    first, second = (FakeQuantize(grid, Latest(grid, 3)) for _ in range(2))
    weight = torch.randn(3, 2, 3, 3)
    first.observing = True
    first(weight)
    state = {k: v for k, v in first.state_dict().items() if "observer" not in k}
    second.load_state_dict(state)
    assert second.calibrated
    second.settle()
    assert torch.allclose(second.scale, first.scale)


@pytest.mark.parametrize(
    ("grid", "kind"), [(Grid(8), 2), (Grid(8, signed=True, symmetric=True), 3), (Grid(4), 2)]
)
def test_exports_as_a_pair_that_rounds_alike(grid, kind):
    import numpy as np
    import onnxruntime

    quantize = FakeQuantize(grid, None, fixed=(0.05, grid.middle if grid.symmetric else 3))
    x = torch.linspace(-9, 9, 101)
    stream = io.BytesIO()
    torch.onnx.export(nn.Sequential(quantize), (x,), stream, opset_version=17, dynamo=False)
    model = onnx.load_from_string(stream.getvalue())
    pair = [n.op_type for n in model.graph.node if n.op_type.endswith("Linear")]
    assert pair == ["QuantizeLinear", "DequantizeLinear"]
    session = onnxruntime.InferenceSession(stream.getvalue(), providers=["CPUExecutionProvider"])
    (got,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
    # a value halfway between two integers may go either way
    assert np.abs(got - quantize(x).numpy()).max() <= 0.0501
    assert np.mean(np.abs(got - quantize(x).numpy()) > 1e-6) < 0.05


def test_needs_to_know_its_range():
    with pytest.raises(ValueError, match="an observer or a fixed scale, one of them"):
        FakeQuantize(Grid(8), None)
