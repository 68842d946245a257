"""The road to an engine, with a stand-in for the package that only GPU machines have."""

from __future__ import annotations

import importlib.machinery
import json
import sys
from enum import IntEnum
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from mmsrkd.deploy.backends import Artefact, ExportError, get_backend
from mmsrkd.deploy.backends.tensorrt_engine import PROFILE, build_engine

from .qdq_files import SIGNED, UNSIGNED, float_file, two_convolutions

LAYERS = [
    {"Name": "q", "LayerType": "Reformat", "Inputs": [], "Outputs": []},
    {
        "Name": "conv",
        "LayerType": "CaskConvolution",
        "ParameterType": "Convolution",
        "Inputs": [{"Name": "x", "Format/Datatype": "Thirty-two wide channel vectorized Int8"}],
    },
    {
        "Name": "sigmoid",
        "LayerType": "PointWiseV2",
        "Inputs": [{"Name": "y", "Format/Datatype": "Row major linear FP16 format"}],
    },
]


class FakeTensorRT(ModuleType):
    """Notes what it is asked, builds ``b"engine"``."""

    def __init__(self) -> None:
        super().__init__("tensorrt")
        self.__spec__ = importlib.machinery.ModuleSpec("tensorrt", None)
        self.asked: dict[str, Any] = {}
        self.parses, self.engine = True, b"engine"
        self.Logger: Any = type("Logger", (), {"WARNING": 2, "__init__": lambda self, level: None})
        self.NetworkDefinitionCreationFlag = IntEnum("Flag", {"STRONGLY_TYPED": 1})
        self.ProfilingVerbosity = SimpleNamespace(DETAILED="detailed")
        self.LayerInformationFormat = SimpleNamespace(JSON="json")

    def Builder(self, logger):
        def set_shape(*sizes):
            self.asked["profile"] = sizes

        config = SimpleNamespace(add_optimization_profile=lambda profile: None)
        self.asked["config"] = config
        return SimpleNamespace(
            create_network=lambda flags: self.asked.update(flags=flags),
            create_builder_config=lambda: config,
            create_optimization_profile=lambda: SimpleNamespace(set_shape=set_shape),
            build_serialized_network=lambda network, config: self.engine,
        )

    def OnnxParser(self, network, logger):
        def parse(path):
            self.asked["file"] = Path(path).name
            return self.parses

        error = SimpleNamespace(desc=lambda: 'no plugin "X"')
        return SimpleNamespace(parse_from_file=parse, num_errors=1, get_error=lambda index: error)

    def Runtime(self, logger):
        inspector = SimpleNamespace(
            get_engine_information=lambda format: json.dumps({"Layers": LAYERS})
        )
        engine = SimpleNamespace(create_engine_inspector=lambda: inspector)
        return SimpleNamespace(deserialize_cuda_engine=lambda data: engine)


@pytest.fixture
def trt(monkeypatch: pytest.MonkeyPatch) -> FakeTensorRT:
    fake = FakeTensorRT()
    monkeypatch.setitem(sys.modules, "tensorrt", fake)
    return fake


def test_engine_and_onnx_are_written(trt: FakeTensorRT, tmp_path: Path):
    backend = get_backend("tensorrt")
    source = two_convolutions(tmp_path / "network.onnx", SIGNED, bits=8)
    artefact = backend.convert(source, "int8", tmp_path / "out")
    assert [path.name for path in artefact.files] == ["out.engine", "out.onnx"]
    assert artefact.files[0].read_bytes() == b"engine"
    assert artefact.ready
    assert artefact.notes == ()
    assert trt.asked["flags"] == 1 << 1, "types are those of the file"
    assert trt.asked["profile"] == ("input", PROFILE.smallest, PROFILE.usual, PROFILE.largest)
    assert trt.asked["config"].profiling_verbosity == "detailed"


def test_a_static_file_needs_no_profile(trt: FakeTensorRT, tmp_path: Path):
    source = float_file(tmp_path / "network.onnx", (1, 3, 16, 16))
    assert build_engine(trt, source) == b"engine"
    assert "profile" not in trt.asked


def test_the_inspector_tells_what_runs_in_int8(trt: FakeTensorRT, tmp_path: Path):
    backend = get_backend("tensorrt")
    source = two_convolutions(tmp_path / "network.onnx", SIGNED, bits=8)
    share = backend.int8_share(backend.convert(source, "int8", tmp_path / "out"))
    assert share is not None
    assert (share.int8_convolutions, share.convolutions, share.operators) == (1, 1, 2)
    assert share.others == {"PointWiseV2": 1}


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("parses", False, r'TensorRT cannot read network\.onnx: "no plugin \\"X\\""'),
        ("engine", None, r"TensorRT builds no engine of network\.onnx: its log above"),
    ],
)
def test_a_refusal_is_said(
    trt: FakeTensorRT, tmp_path: Path, attribute: str, value: Any, message: str
):
    setattr(trt, attribute, value)
    with pytest.raises(ExportError, match=message):
        build_engine(trt, float_file(tmp_path / "network.onnx"))


@pytest.fixture
def no_tensorrt():
    backend = get_backend("tensorrt")
    if backend.missing() is None:
        pytest.skip("TensorRT is installed")
    return backend


def test_without_the_package_there_is_onnx_and_the_line_that_builds(no_tensorrt, tmp_path: Path):
    source = two_convolutions(tmp_path / "network.onnx", SIGNED)
    artefact = no_tensorrt.convert(source, "int8", tmp_path / "out")
    assert [path.name for path in artefact.files] == ["out.onnx"]
    assert artefact.state == (
        "engine not built: tensorrt needs the package tensorrt: pip install tensorrt"
    )
    (line,) = artefact.notes
    assert line.partition(": ")[2] == (
        "trtexec --onnx=out.onnx --saveEngine=out.engine --stronglyTyped "
        "--profilingVerbosity=detailed --minShapes=input:1x3x64x64 --optShapes=input:1x3x360x640 "
        "--maxShapes=input:1x3x1080x1920"
    )


def test_a_file_that_could_not_be_built_is_refused(no_tensorrt, tmp_path: Path):
    source = two_convolutions(tmp_path / "network.onnx", UNSIGNED)
    message = r"cannot build this file: n_input_q: it is uint8, .* preset tensorrt \(and so at \d+ "
    with pytest.raises(ExportError, match=message) as caught:
        no_tensorrt.convert(source, "int8", tmp_path / "out")
    assert len(str(caught.value)) < 600  # each rule once
    assert not (tmp_path / "out.engine").exists()


def test_what_is_not_built_cannot_be_opened(tmp_path: Path):
    artefact = Artefact("tensorrt", "fp32", (tmp_path / "out.onnx",), "engine not built: why")
    with pytest.raises(ExportError, match=r"out\.onnx cannot run: engine not built: why"):
        get_backend("tensorrt").open(artefact, 1)
