"""Values that are split or shuffled between their rounding and a convolution."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.backends.onnxruntime import plain_run
from mmsrkd.deploy.moved_values import round_moved_values
from mmsrkd.deploy.parity import picture

from .qdq_files import UNSIGNED, Graph, two_convolutions


def _one_by_one(graph: Graph, x: str, name: str, inputs: int) -> str:
    weight = np.random.default_rng(inputs).normal(size=(3, inputs, 1, 1)).astype(np.float32)
    graph.node("Conv", [x, graph.weight(f"w_{name}", weight)], name)
    return graph.qdq(name, *UNSIGNED)


def split_and_shuffled(path: Path) -> Path:
    """Write a split whose second part is enlarged to a third of its channels and convolved."""
    graph = Graph()
    wide = graph.weight("w", np.random.default_rng(0).normal(size=(16, 3, 1, 1)).astype(np.float32))
    graph.node("Conv", [graph.qdq("input", *UNSIGNED), wide], "wide")
    sizes = graph.constant("sizes", np.array([4, 12]))
    graph.nodes.append(
        onnx.helper.make_node(
            "Split", [graph.qdq("wide", *UNSIGNED), sizes], ["a", "b"], name="split", axis=1
        )
    )
    shuffled = graph.node("DepthToSpace", ["b"], "shuffled", blocksize=2)
    second = _one_by_one(graph, shuffled, "second", 3)
    first = graph.node("DepthToSpace", ["a"], "first_shuffled", blocksize=2)
    graph.node("Add", [first, second], "output")
    return graph.save(path, scale=2)


def test_the_convolution_behind_them_runs_in_int8(tmp_path: Path):
    source = split_and_shuffled(tmp_path / "network.onnx")
    backend = get_backend("onnxruntime")
    artefact = backend.convert(source, "int8", tmp_path / "out")
    share = backend.int8_share(artefact)
    assert share is not None
    assert (share.int8_convolutions, share.convolutions) == (2, 2)
    image = picture((2, 3, 9, 6)).numpy()
    found, expected = (run(image) for run in (backend.open(artefact, 1), plain_run(source)))
    assert np.abs(found - expected).max() <= 1.5 / 255, "a tie may be rounded either way"


def test_values_stay_the_same_to_the_bit(tmp_path: Path):
    source = split_and_shuffled(tmp_path / "network.onnx")
    model = onnx.load(source)
    assert round_moved_values(model) == 3, "both parts of the split, and one shuffle of two"
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, tmp_path / "changed.onnx")
    image = picture((2, 3, 9, 6)).numpy()
    changed = plain_run(tmp_path / "changed.onnx")(image)
    np.testing.assert_array_equal(changed, plain_run(source)(image))


def test_a_file_without_them_stays_as_it_is(tmp_path: Path):
    model = onnx.load(two_convolutions(tmp_path / "network.onnx"))
    before = model.SerializeToString()
    assert round_moved_values(model) == 0
    assert model.SerializeToString() == before
