"""What is done to an ONNX file between the exporter and its user."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

import onnx

from .qdq import is_rounded, tidy_roundings

FORMAT = "mmsrkd-onnx-v1"
CONTENTS = (
    "the network alone: RGB divided by 255 goes in; clip what comes out to [0, 1], multiply by 255"
)


def finish(path: str | os.PathLike[str], metadata: Mapping[str, Any]) -> Counter[str]:
    """Clean, describe and check an exported file in place.

    Args:
        path: The file.
        metadata: Entries of ``metadata_props``; what is not a string is written as JSON.

    Returns:
        How often each operator occurs.

    Raises:
        onnx.checker.ValidationError: If the file is not valid ONNX.
    """
    model = onnx.load(os.fspath(path))
    _drop_identities(model.graph)
    if is_rounded(model):
        tidy_roundings(model)
    entries = {**metadata, "format": FORMAT, "contents": CONTENTS}
    onnx.helper.set_model_props(model, {key: _text(value) for key, value in entries.items()})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, os.fspath(path))
    return Counter(node.op_type for node in model.graph.node)


def read_metadata(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the ``metadata_props`` of a file, JSON decoded."""
    model = onnx.load(os.fspath(path), load_external_data=False)
    return {entry.key: _value(entry.value) for entry in model.metadata_props}


def _drop_identities(graph: onnx.GraphProto) -> None:
    """Remove Identity nodes, which the exporter leaves where two layers share one tensor."""
    results = {output.name for output in graph.output}
    alias: dict[str, str] = {}
    kept = []
    for node in graph.node:
        for index, name in enumerate(node.input):
            node.input[index] = alias.get(name, name)
        if node.op_type == "Identity" and node.output[0] not in results:
            alias[node.output[0]] = node.input[0]
        else:
            kept.append(node)
    del graph.node[:]
    graph.node.extend(kept)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
