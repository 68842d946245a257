"""Convolutions in integers with sums of 32 bits, against the file as it was."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest

from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.backends.onnxruntime import plain_run
from mmsrkd.deploy.parity import picture
from mmsrkd.deploy.wide_sums import keep_wide_sums

from .qdq_files import (
    CENTRED,
    SIGNED,
    Graph,
    float_file,
    two_convolutions,
    unrounded_results,
)


def kinds(model: onnx.ModelProto) -> Counter[str]:
    return Counter(node.op_type for node in model.graph.node)


def test_they_run_in_int8_and_give_the_same_numbers(tmp_path: Path):
    source = unrounded_results(tmp_path / "network.onnx")
    backend = get_backend("onnxruntime")
    artefact = backend.convert(source, "int8", tmp_path / "out")
    share = backend.int8_share(artefact)
    assert share is not None
    assert (share.int8_convolutions, share.convolutions) == (2, 2)
    assert "2 convolutions run in int8" in artefact.notes[0]
    run = backend.open(artefact, threads=1)
    for shape in ((2, 3, 17, 12), (1, 3, 5, 9)):
        image = picture(shape).numpy()
        # a tie of the second rounding may fall either way
        assert np.abs(run(image) - plain_run(source)(image)).mean() <= 1e-5


def test_the_file_it_was_made_from_stays(tmp_path: Path):
    source = unrounded_results(tmp_path / "network.onnx")
    before = source.read_bytes()
    get_backend("onnxruntime").convert(source, "int8", tmp_path / "out")
    assert source.read_bytes() == before


@pytest.mark.parametrize("relu", [False, True])
def test_rounded_results_are_left_to_the_runtime(tmp_path: Path, relu: bool):
    graph = Graph()
    weight = graph.weight("w", np.ones((3, 3, 1, 1), np.float32))
    graph.node("Conv", [graph.qdq("input", *CENTRED), weight], "sums")
    last = graph.node("Relu", ["sums"], "positive") if relu else "sums"
    graph.node("Identity", [graph.qdq(last, *CENTRED)], "output")
    model = onnx.load(graph.save(tmp_path / "network.onnx"))
    assert keep_wide_sums(model) == 0
    assert kinds(model)["Conv"] == 1


def test_one_that_is_rounded_for_one_of_two_users_keeps_its_sums(tmp_path: Path):
    graph = Graph()
    weight = graph.weight("w", np.ones((3, 3, 1, 1), np.float32))
    graph.node("Conv", [graph.qdq("input", *CENTRED), weight], "sums")
    graph.node("Add", ["sums", graph.qdq("sums", *CENTRED)], "output")
    model = onnx.load(graph.save(tmp_path / "network.onnx"))
    assert keep_wide_sums(model) == 1
    assert kinds(model)["ConvInteger"] == 1


def test_signed_and_float_files_stay_as_they_are(tmp_path: Path):
    for source in (
        unrounded_results(tmp_path / "signed.onnx", SIGNED),
        two_convolutions(tmp_path / "rounded.onnx"),
        float_file(tmp_path / "float.onnx"),
    ):
        model = onnx.load(source)
        assert keep_wide_sums(model) == 0
        assert kinds(model)["Conv"] == 2
