from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import torch
from onnx import TensorProto, helper
from torch import nn

from mmsrkd.deploy.errors import ParityError
from mmsrkd.deploy.parity import compare, picture


@pytest.fixture
def adds(tmp_path: Path):
    """Write an ONNX file that adds a constant to its input."""

    def make(value: float, dims=("n", 3, "h", "w")) -> Path:
        tensors = [helper.make_tensor_value_info(n, TensorProto.FLOAT, dims) for n in ("x", "y")]
        constant = helper.make_tensor("c", TensorProto.FLOAT, [1], [value])
        node = helper.make_node("Add", ["x", "c"], ["y"])
        graph = helper.make_graph([node], "g", [tensors[0]], [tensors[1]], [constant])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, tmp_path / "adds.onnx")
        return tmp_path / "adds.onnx"

    return make


def test_error_and_psnr_are_those_of_the_difference(adds):
    (parity,) = compare(nn.Identity(), adds(0.01), [(2, 3, 7, 9)])
    assert parity.size == "7x9"
    assert parity.max_abs_error == pytest.approx(0.01, rel=1e-4)
    assert parity.psnr == pytest.approx(40, abs=1e-3)


def test_identical_outputs_have_infinite_psnr(adds):
    (parity,) = compare(nn.Identity(), adds(0.0), [(1, 3, 8, 8)], tolerance=0.0)
    assert parity.max_abs_error == 0
    assert parity.psnr == float("inf")


@pytest.mark.parametrize("value", [0.01, float("nan"), float("inf")])
def test_beyond_the_tolerance_is_an_error(adds, value: float):
    with pytest.raises(ParityError, match=r"input 1x3x8x8 .* is off by .*tolerance 1e-03"):
        compare(nn.Identity(), adds(value), [(1, 3, 8, 8)], tolerance=1e-3)


def test_any_opened_file_is_compared():
    (parity,) = compare(nn.Identity(), lambda image: image + 0.01, [(1, 3, 8, 8)])
    assert parity.psnr == pytest.approx(40, abs=1e-3)


def test_another_shape_is_an_error(adds):
    with pytest.raises(ParityError, match=r"gives 1x3x8x8, the network 1x3x16x16.*frozen"):
        compare(nn.Upsample(scale_factor=2), adds(0.0), [(1, 3, 8, 8)])


@pytest.mark.parametrize("shape", [(1, 3, 37, 53), (2, 3, 5, 64), (1, 1, 1, 1)])
def test_picture_is_a_picture(shape: tuple[int, ...]):
    image = picture(shape)
    assert image.shape == shape
    assert image.dtype == torch.float32
    assert 0 <= image.min() <= image.max() <= 1
    assert torch.equal(image, picture(shape))
    if image.numel() > 100:
        assert not torch.equal(image, picture(shape, seed=1))
        smooth = (image[..., 1:] - image[..., :-1]).abs().median()
        assert smooth < 0.1, "mostly smooth, unlike noise"
        assert image.std() > 0.1
