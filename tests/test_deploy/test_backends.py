"""What every runtime promises; those whose package is missing are skipped."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from mmsrkd.deploy.backends import BACKENDS, Backend, ExportError, Layer, get_backend
from mmsrkd.deploy.backends.executed import int8_share
from mmsrkd.deploy.backends.onnxruntime import plain_run
from mmsrkd.deploy.parity import picture
from tools.export import BACKENDS as OFFERED_BY_THE_TOOL
from tools.export import PRECISIONS

from .qdq_files import float_file, narrow_file, two_convolutions

RUNS_HERE = ("onnxruntime", "openvino", "ncnn")


def installed(name: str) -> Backend:
    backend = get_backend(name)
    if reason := backend.missing():
        pytest.skip(reason)
    return backend


def test_the_tool_offers_what_there_is():
    assert tuple(BACKENDS) == OFFERED_BY_THE_TOOL
    assert {p for name in BACKENDS for p in get_backend(name).precisions} == set(PRECISIONS)


@pytest.mark.parametrize("name", RUNS_HERE)
@pytest.mark.parametrize(("precision", "tolerance"), [("fp32", 1e-5), ("fp16", 3e-3)])
def test_float_files_give_the_picture_of_the_onnx_file(
    tmp_path: Path, name: str, precision: str, tolerance: float
):
    backend = installed(name)
    source = float_file(tmp_path / "network.onnx")
    artefact = backend.convert(source, precision, tmp_path / "out.v1")
    assert [path.name for path in artefact.files] == [f"out.v1{s}" for s in backend.suffixes]
    assert artefact.ready
    assert artefact.size == sum(path.stat().st_size for path in artefact.files)
    run = backend.open(artefact, threads=1)
    for shape in ((2, 3, 9, 14), (1, 3, 16, 5)):
        image = picture(shape).numpy()
        assert np.abs(run(image) - plain_run(source)(image)).max() <= tolerance


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_int8_is_counted_in_the_optimised_graph(tmp_path: Path, name: str):
    backend = installed(name)
    source = two_convolutions(tmp_path / "network.onnx")
    artefact = backend.convert(source, "int8", tmp_path / "out")
    share = backend.int8_share(artefact)
    assert share is not None
    assert (share.int8_convolutions, share.convolutions) == (2, 2)
    assert share.share == 1.0
    image = picture((1, 3, 20, 24)).numpy()
    step = 1 / 255
    assert np.abs(backend.open(artefact, 1)(image) - plain_run(source)(image)).max() <= 1.5 * step


def test_int8_of_any_size_runs_at_those_that_crash_openvino(tmp_path: Path):
    """On CPUs with AMX a graph without fixed sizes ends the process here (openvino#37577)."""
    backend = installed("openvino")
    source = narrow_file(tmp_path / "network.onnx")
    artefact = backend.convert(source, "int8", tmp_path / "out")
    assert "reshape the model to the size" in artefact.notes[0]
    run = backend.open(artefact, 1)
    for height in (170, 172, 344):
        image = np.random.default_rng(0).random((1, 12, height, 64), np.float32)
        assert np.abs(run(image) - plain_run(source)(image)).max() <= 1.5 / 100


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_float_operators_are_not_counted_as_int8(tmp_path: Path, name: str):
    backend = installed(name)
    artefact = backend.convert(float_file(tmp_path / "n.onnx"), "fp32", tmp_path / "out")
    share = backend.int8_share(artefact)
    assert share is not None
    assert (share.int8_operators, share.convolutions) == (0, 2)
    assert {layer.precision for layer in backend.layers(artefact)} == {"fp32"}


def test_shares_are_counted():
    layers = [Layer("a", "QLinearConv", "int8"), Layer("b", "FusedConv", "fp32")]
    share = int8_share([*layers, Layer("c", "Sigmoid", "fp32"), Layer("d", "QLinearAdd", "int8")])
    assert (share.operators, share.int8_operators, share.share) == (4, 2, 0.5)
    assert (share.convolutions, share.int8_convolutions) == (2, 1)
    assert share.others == {"FusedConv": 1, "Sigmoid": 1}
    assert int8_share([]).share == 0.0


def test_halves_are_inside_and_floats_at_both_ends(tmp_path: Path):
    artefact = get_backend("onnxruntime").convert(
        float_file(tmp_path / "network.onnx"), "fp16", tmp_path / "out"
    )
    model = onnx.load(artefact.files[0])
    assert {t.data_type for t in model.graph.initializer} == {onnx.TensorProto.FLOAT16}
    session = onnxruntime.InferenceSession(str(artefact.files[0]))
    assert [e.type for e in (*session.get_inputs(), *session.get_outputs())] == [
        "tensor(float)"
    ] * 2
    assert "computes in fp32" in artefact.notes[0]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("openvino", r"needs the package openvino: pip install --no-deps openvino$"),
        ("ncnn", r"needs the package ncnn and pnnx: pip install --no-deps ncnn pnnx$"),
    ],
)
def test_a_missing_package_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: str
):
    monkeypatch.setattr(importlib.util, "find_spec", lambda module: None)
    with pytest.raises(ExportError, match=line):
        get_backend(name).convert(tmp_path / "network.onnx", "fp32", tmp_path / "out")


def test_what_pnnx_cannot_convert_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    backend = installed("ncnn")
    failed = subprocess.CompletedProcess([], 1, "", "what():  stoi")
    monkeypatch.setattr(subprocess, "run", lambda command, **_: failed)
    float_file(tmp_path / "network.onnx")
    with pytest.raises(ExportError, match=r"to ncnn \(what\(\):  stoi\): export a static"):
        backend.convert(tmp_path / "network.onnx", "fp32", tmp_path / "out")


def test_files_that_kill_ncnn_do_not_kill_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    backend = installed("ncnn")
    died = subprocess.CompletedProcess([], -11, "", "")
    run = subprocess.run
    monkeypatch.setattr(
        subprocess, "run", lambda command, **kw: died if "-P" in command else run(command, **kw)
    )
    source = float_file(tmp_path / "network.onnx", (1, 3, 16, 16))
    with pytest.raises(ExportError, match=r"ncnn dies of signal 11 .*: choose another backend$"):
        backend.convert(source, "fp32", tmp_path / "out")


def test_ncnn_is_tried_at_the_size_it_is_for(tmp_path: Path):
    """Its trial run once read an image that was freed before, which larger ones did not survive."""
    backend = installed("ncnn")
    source = float_file(tmp_path / "network.onnx", (1, 3, 256, 320))
    assert backend.convert(source, "fp32", tmp_path / "out").ready


def test_threads_are_given_to_the_runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    backend = installed("openvino")
    artefact = backend.convert(float_file(tmp_path / "network.onnx"), "fp32", tmp_path / "out")
    import openvino

    asked = []
    compile_model = openvino.Core.compile_model

    def watch(self, model, device, options):
        asked.append(options["INFERENCE_NUM_THREADS"])
        return compile_model(self, model, device, options)

    monkeypatch.setattr(openvino.Core, "compile_model", watch)
    backend.open(artefact, 2)
    assert asked == [2]
    assert torch.get_num_threads() == 2
