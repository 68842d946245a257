"""Every registered network in OpenVINO; ONNX Runtime is asked in ``tests/test_models``."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.config import deploy_config
from mmsrkd.deploy.parity import compare
from mmsrkd.models.networks import switch_to_deploy
from mmsrkd.registry import MODELS
from tests.test_models.test_networks.network_cases import SCALES, SMALL


@pytest.mark.parametrize("name", SMALL)
def test_openvino_equals_torch(tmp_path: Path, name: str):
    backend = get_backend("openvino")
    if reason := backend.missing():
        pytest.skip(reason)
    scale = {} if name in SCALES else {"scale": 2}
    torch.manual_seed(0)
    network = switch_to_deploy(MODELS.build({"type": name, **scale, **SMALL[name]}).eval())
    config = deploy_config()["onnx_config"]
    path = tmp_path / "network.onnx"
    torch.onnx.export(
        network,
        (torch.rand(1, 3, 40, 56),),
        path,
        opset_version=config["opset_version"],
        dynamo=False,
        input_names=config["input_names"],
        output_names=config["output_names"],
        dynamic_axes=config["dynamic_axes"],
    )
    run = backend.open(backend.convert(path, "fp32", tmp_path / "network"), threads=1)
    found = compare(network, run, [(1, 3, 37, 53), (2, 3, 24, 31)])
    assert max(entry.max_abs_error for entry in found) <= 1e-4
