"""Exports are proven in the runtime that will execute them."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.deploy import ExportError, ParityError, export, side_by_side
from mmsrkd.deploy.backends import OpenVino, get_backend
from mmsrkd.deploy.backends.onnxruntime import plain_run
from mmsrkd.deploy.divergence import Divergence
from mmsrkd.deploy.network import build_network
from mmsrkd.deploy.proof import Proof
from mmsrkd.quantization import quantizer_of

from .conftest import Trained
from .qdq_files import SIGNED, float_file, two_convolutions


@pytest.mark.parametrize("name", ["onnxruntime", "openvino", "ncnn"])
@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_every_runtime_is_proven_beside_pytorch(
    trained: Trained, tmp_path: Path, name: str, precision: str
):
    backend = get_backend(name)
    if reason := backend.missing():
        pytest.skip(reason)
    settings = {"side_by_side": True, "latency_shape": (1, 3, 16, 16), "latency_runs": 1}
    result = export(
        *trained("span"), tmp_path / "out", backend=name, precision=precision, **settings
    )
    ending = "" if precision == "fp32" else "_fp16"
    names = [f"span_x2_dynamic{ending}{suffix}" for suffix in backend.suffixes]
    assert [path.name for path in result.artefact.files] == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(names)
    assert result.proof is not None
    assert result.proof.images == ("cat",)
    assert abs(result.proof.change_db) <= 0.02
    labels = ["PyTorch fp32", f"{name} fp32", f"{name} fp16"]
    assert [row.label for row in result.rows] == labels
    assert all(row.median_ms >= row.min_ms > 0 for row in result.rows)
    assert result.rows[2].size < result.rows[1].size or name == "openvino", "headers outweigh it"


def test_beyond_the_budget_nothing_is_kept_and_the_place_is_named(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    found = Divergence("/conv/out", "Conv /conv", 7.0, 0.1, "quantisation steps", 0.25)
    worse = Proof(("cat",), psnr_reference=30.0, psnr_runtime=29.9, psnr_between=40.0, max_abs=0.1)
    monkeypatch.setattr(side_by_side, "first_divergence", lambda *_: found)
    monkeypatch.setattr(side_by_side, "prove", lambda *_, **__: [worse])
    with pytest.raises(ParityError, match=r"budget of 0 dB: nothing was kept; .*/conv/out \(Conv"):
        export(*trained("lgrnet"), tmp_path / "out", budget_db=0)
    assert list((tmp_path / "out").iterdir()) == []


def test_tensorrt_leaves_onnx_and_says_so(trained: Trained, tmp_path: Path):
    if get_backend("tensorrt").missing() is None:
        pytest.skip("TensorRT is installed")
    result = export(*trained("lgrnet"), tmp_path, backend="tensorrt", shape=(1, 3, 16, 20))
    assert result.path.name == "lgrnet_x2_1x3x16x20.onnx"
    assert result.path.is_file()
    assert result.artefact.state.startswith("engine not built: ")
    assert "--onnx=lgrnet_x2_1x3x16x20.onnx" in result.notes[0]
    assert result.max_abs_error <= 1e-4
    assert result.proof is None


@pytest.mark.usefixtures("quantised")
def test_int8_is_proven_where_tensorrt_is_not(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The file as it is written, on real images: a scale that is wrong does not pass."""
    if get_backend("tensorrt").missing() is None:
        pytest.skip("TensorRT is installed")
    two_convolutions(tmp_path / "int8.onnx", SIGNED)
    result = export(*trained("lgrnet"), tmp_path / "out", backend="tensorrt", precision="int8")
    assert result.proof is not None
    assert result.proof.images == ("cat",)
    module = importlib.import_module("mmsrkd.deploy.export")
    monkeypatch.setattr(
        module, "plain_run", lambda draft: lambda image: plain_run(draft)(image) / 2
    )
    with pytest.raises(ParityError, match=r"the ONNX file gives .* beyond the budget of 0\.02 dB"):
        export(*trained("lgrnet"), tmp_path / "worse", backend="tensorrt", precision="int8")
    assert list((tmp_path / "worse").iterdir()) == []


def test_a_missing_package_stops_before_anything_is_made(
    trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(OpenVino, "packages", {"no_such_package": "openvino"})
    with pytest.raises(ExportError, match=r"no_such_package: pip install --no-deps openvino"):
        export(*trained("lgrnet"), tmp_path / "out", backend="openvino")
    assert not (tmp_path / "out").exists()


@pytest.fixture
def quantised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the config's network be the small Q/DQ file, and the small float one beside it."""
    files = {"int8": two_convolutions(tmp_path / "int8.onnx"), "fp32": tmp_path / "fp32.onnx"}
    float_file(files["fp32"])

    class FromFile(nn.Module):
        def __init__(self, precision: str) -> None:
            super().__init__()
            self.file = files[precision]

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.from_numpy(plain_run(self.file)(x.numpy()))

    def to_onnx(draft: Path, *_, static, precision: str, outputs) -> None:
        shutil.copyfile(files[precision], draft)

    module = importlib.import_module("mmsrkd.deploy.export")
    monkeypatch.setattr(module, "build_network", lambda generator, weights, p: FromFile(p))
    monkeypatch.setattr(module, "to_onnx", to_onnx)
    monkeypatch.setattr(module, "deployed_metadata", lambda *_: {})


@pytest.mark.usefixtures("quantised")
@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_int8_stands_beside_fp32_and_fp16(trained: Trained, tmp_path: Path, name: str):
    if reason := get_backend(name).missing():
        pytest.skip(reason)
    settings = {"side_by_side": True, "latency_shape": (1, 3, 16, 16), "latency_runs": 1}
    result = export(
        *trained("lgrnet"), tmp_path / "out", backend=name, precision="int8", **settings
    )
    assert result.path.stem == "lgrnet_x1_dynamic_int8"
    assert result.tolerance is None
    labels = ["PyTorch fp32", f"{name} fp32", f"{name} fp16", f"{name} int8"]
    assert [row.label for row in result.rows] == labels
    shares = [
        row.int8 and (row.int8.int8_convolutions, row.int8.convolutions) for row in result.rows
    ]
    assert shares == [None, (0, 2), (0, 2), (2, 2)]
    float_psnr, int8_psnr = result.rows[1].psnr, result.rows[3].psnr
    assert result.rows[0].psnr == pytest.approx(float_psnr, abs=0.01)
    assert result.proof is not None
    assert result.proof.psnr_runtime == int8_psnr != pytest.approx(float_psnr, abs=0.1)


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_numbers_of_another_runtime_are_told_of(
    trained: Trained, set5: Path, tmp_path: Path, name: str
):
    """Preset npu, its scales powers of two: OpenVINO takes it, ONNX Runtime runs it in float."""
    if reason := get_backend(name).missing():
        pytest.skip(reason)
    config, checkpoint = trained("lgrnet")
    scheme = {"preset": "npu", "power_of_two": True}
    made = quantize_checkpoint(
        config, str(checkpoint), tmp_path / "int8.pth", scheme, folder=set5, size=32
    )
    result = export(
        config, made.path, tmp_path / "out", backend=name, precision="int8", budget_db=1.0
    )
    told = [note for note in result.notes if "convolutions in int8, the others in float" in note]
    assert bool(told) == (name == "onnxruntime")
    scales = [
        module.scale
        for module in quantizer_of(build_network(config.model.generator, made.path, "int8"))
        .by_name()
        .values()
    ]
    assert all(torch.equal(scale, torch.exp2(scale.log2().round())) for scale in scales)
