from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from mmsrkd.deploy import divergence
from mmsrkd.deploy.backends import Artefact, get_backend
from mmsrkd.deploy.divergence import Divergence, first_divergence
from mmsrkd.deploy.parity import picture

from .qdq_files import UNSIGNED, float_file, two_convolutions, unrounded_results

IMAGE = picture((1, 3, 20, 24)).numpy()


def _artefact(name: str, source: Path, precision: str) -> Artefact:
    backend = get_backend(name)
    if reason := backend.missing():
        pytest.skip(reason)
    return backend.convert(source, precision, source.with_name("out"))


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
@pytest.mark.parametrize(("make", "precision"), [(two_convolutions, "int8"), (float_file, "fp32")])
def test_a_sound_file_has_none(tmp_path: Path, name: str, make, precision: str):
    source = make(tmp_path / "network.onnx")
    assert first_divergence(_artefact(name, source, precision), source, IMAGE) is None


def test_a_file_rewritten_for_onnxruntime_is_compared_with_what_it_was_made_from(tmp_path: Path):
    source = unrounded_results(tmp_path / "network.onnx")
    artefact = _artefact("onnxruntime", source, "int8")
    assert first_divergence(artefact, source, IMAGE) is None
    model = onnx.load(artefact.files[0])
    scale = next(t for t in model.graph.initializer if t.name == "hidden_scale")
    scale.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(scale) / 2, scale.name))
    onnx.save(model, artefact.files[0])
    found = first_divergence(artefact, source, IMAGE)
    assert found is not None
    assert (found.tensor, found.unit) == ("active_q", "quantisation steps")


@pytest.fixture
def other_weights(tmp_path: Path) -> Path:
    """The file of `two_convolutions` with a first convolution half as strong."""
    (tmp_path / "other").mkdir()
    return two_convolutions(tmp_path / "other" / "network.onnx", UNSIGNED, weight_scale=0.025)


def test_the_first_tensor_is_named_in_steps_by_onnxruntime(
    tmp_path: Path, other_weights: Path, monkeypatch: pytest.MonkeyPatch
):
    source = two_convolutions(tmp_path / "network.onnx")
    open_session = divergence.open_session

    def broken_when_optimised(model: bytes, threads: int, *, optimise: bool):
        if not optimise:
            return open_session(model, threads, optimise=False)
        watching = onnx.load_from_string(model)
        initial = {entry.name: entry for entry in onnx.load(other_weights).graph.initializer}
        for entry in watching.graph.initializer:
            entry.CopyFrom(initial[entry.name])
        return open_session(watching.SerializeToString(), threads, optimise=True)

    monkeypatch.setattr(divergence, "open_session", broken_when_optimised)
    found = first_divergence(_artefact("onnxruntime", source, "int8"), source, IMAGE)
    assert found is not None
    assert (found.tensor, found.node) == ("hidden_q", "QuantizeLinear n_hidden_q")
    assert found.difference == round(found.difference) > 2
    assert 0 < found.mean <= found.difference
    assert f", by {found.difference:.3g} quantisation steps at most and" in str(found)


def test_the_first_tensor_is_named_in_steps_by_openvino(
    tmp_path: Path, other_weights: Path, monkeypatch: pytest.MonkeyPatch
):
    source = two_convolutions(tmp_path / "network.onnx")
    artefact = _artefact("openvino", source, "int8")
    run = divergence._run_watching
    other = onnx.load(other_weights)
    monkeypatch.setattr(divergence, "_run_watching", lambda model, *a, **k: run(other, *a, **k))
    found = first_divergence(artefact, source, IMAGE)
    assert found is not None
    assert (found.tensor, found.unit) == ("hidden_dq", "quantisation steps")
    assert found.difference == pytest.approx(round(found.difference), abs=1e-3)


@pytest.mark.parametrize(
    ("spread", "named"), [((1e-4, 0.3), "b"), ((1e-4, 0), "a"), ((0, 0), None)]
)
def test_what_differs_in_few_places_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spread: tuple[float, float], named: str | None
):
    """A rounding that fell the other way, magnified, comes before the tensor that is wrong."""
    ones = [
        Divergence(name, "QuantizeLinear", 9.0, 0.1, "quantisation steps", share)
        for name, share in zip("ab", spread, strict=True)
    ]
    monkeypatch.setattr(divergence, "_in_openvino", lambda *_: iter(ones))
    artefact = Artefact("openvino", "int8", (tmp_path / "n.xml",))
    found = first_divergence(artefact, tmp_path / "n.onnx", IMAGE)
    assert (found.tensor if found else None) == named


def test_runtimes_without_names_have_none(tmp_path: Path):
    artefact = Artefact("ncnn", "fp32", (tmp_path / "n.param", tmp_path / "n.bin"))
    assert first_divergence(artefact, tmp_path / "n.onnx", np.zeros((1, 3, 4, 4))) is None
