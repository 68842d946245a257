from __future__ import annotations

from pathlib import Path

import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from mmsrkd.deploy.onnx_file import FORMAT, finish, read_metadata


def _file(path: Path, nodes, **kwargs) -> Path:
    tensors = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [4]) for n in ("x", "y")]
    graph = helper.make_graph(nodes, "g", [tensors[0]], [tensors[1]], **kwargs)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    return path


def test_identities_go_and_the_output_keeps_its_name(tmp_path: Path):
    nodes = [
        helper.make_node("Identity", ["x"], ["a"]),
        helper.make_node("Identity", ["a"], ["b"]),
        helper.make_node("Add", ["a", "b"], ["c"]),
        helper.make_node("Identity", ["c"], ["y"]),
    ]
    path = _file(tmp_path / "f.onnx", nodes)
    operators = finish(path, {"scale": 2, "note": "text", "network": {"type": "X"}})
    assert operators == {"Add": 1, "Identity": 1}
    (out,) = onnxruntime.InferenceSession(str(path)).run(None, {"x": [1, 2, 3, 4]})
    assert out.tolist() == [2, 4, 6, 8]
    meta = read_metadata(path)
    assert meta["format"] == FORMAT
    assert (meta["scale"], meta["note"], meta["network"]) == (2, "text", {"type": "X"})
    assert "255" in meta["contents"]


def test_an_invalid_graph_is_refused(tmp_path: Path):
    path = _file(tmp_path / "f.onnx", [helper.make_node("NoSuchOperator", ["x"], ["y"])])
    with pytest.raises(onnx.checker.ValidationError):
        finish(path, {})
