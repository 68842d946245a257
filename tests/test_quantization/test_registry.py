"""Every network goes all the way: ranges from pictures, an INT8 file, its runtime, parity."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.datasets.sample_images import HELD_OUT, sample_image_folder
from mmsrkd.deploy import export
from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.onnx_file import finish
from mmsrkd.deploy.tensorrt_lint import lint
from mmsrkd.deploy.to_onnx import plain_config, to_onnx
from mmsrkd.registry import MODELS
from tests import tiny
from tests.test_models.test_networks.network_cases import SCALES, SMALL

NETWORKS = [name for name in SMALL if name != "Bicubic"]  # which has no weights to round
#: PSNR between fake-quantisation and the runtime, in dB. They differ where a sum lies between
#: two integers; networks that were never trained make more of that than trained ones.
LEAST_AGREEMENT = 33
#: SAFMN divides by a pooled deviation, which is next to nothing before training.
UNSTABLE = ("SAFMN",)
#: ONNX Runtime has no integer kernel for them.
TRANSPOSED = {"FSRCNN": 1, "LumaOnly": 1, "MIMOUNet": 2}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copy(sample_image_folder() / HELD_OUT[1], folder)
    return folder


def trained(name: str) -> torch.nn.Module:
    """A network whose output is a picture, as after training, and not noise around zero."""
    torch.manual_seed(0)
    network: torch.nn.Module = MODELS.build({"type": f"mmsrkd.{name}", **config(name)})
    last = [m for m in network.modules() if isinstance(m, torch.nn.Conv2d)][-1]
    with torch.no_grad():
        if last.bias is not None:
            last.bias += 0.5
    return network


def config(name: str) -> dict[str, object]:
    width = {"channels": 8} if name == "MIMOUNet" else {}  # OpenVINO keeps 4 channels in float
    return {**SMALL[name], **width, **({} if name in SCALES else {"scale": 2})}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_all_the_way(name, backend, pictures, tmp_path):
    go_all_the_way(name, backend, pictures, tmp_path, [])


@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_balanced_convolutions_go_all_the_way(backend, pictures, tmp_path):
    override = {"pattern": "conv_cat", "balance": True}
    go_all_the_way("SPAN", backend, pictures, tmp_path, [override])


@pytest.mark.parametrize("round_sums", [True, False])
@pytest.mark.parametrize("backend", ["onnxruntime", "openvino"])
def test_inputs_in_two_parts_go_all_the_way(backend, round_sums, pictures, tmp_path):
    override = {"pattern": "upsampler.0", "fine_input": True, "balance": not round_sums}
    numbers = {"preset": "openvino", "round_sums": round_sums}
    go_all_the_way("LGRNet", backend, pictures, tmp_path, [override], **numbers)


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_stops_tensorrt_or_stays_in_float_there(name, pictures, tmp_path):
    cfg, made = quantised(name, {"preset": "tensorrt"}, pictures, tmp_path)
    plain = plain_config(cfg)
    plain.model.generator = made.generator
    file = tmp_path / "network.onnx"
    to_onnx(file, plain, made.path, static=None, precision="int8")
    assert finish(file, {})["QuantizeLinear"] > 0
    assert lint(file) == []


def quantised(name, scheme, pictures, tmp_path):
    checkpoint = tmp_path / "float.pth"
    torch.save(trained(name).state_dict(), checkpoint)
    generator = {"type": name, **config(name)}
    cfg = Config({"model": {**tiny.model_config(), "generator": generator}})
    made = quantize_checkpoint(
        cfg, str(checkpoint), tmp_path / "int.pth", scheme, folder=pictures, size=48
    )
    return cfg, made


def go_all_the_way(name, backend, pictures, tmp_path, overrides, **numbers):
    if get_backend(backend).missing():
        pytest.skip(get_backend(backend).missing())
    preset = "cpu" if backend == "onnxruntime" else "openvino"
    scheme = {"preset": preset, "overrides": overrides, **numbers}
    cfg, made = quantised(name, scheme, pictures, tmp_path)
    in_float = TRANSPOSED.get(name, 0) if backend == "onnxruntime" else 0
    assert len(made.in_float) == in_float
    assert len(made.balanced) >= sum(override.get("balance", False) for override in overrides)
    done = export(
        cfg,
        made.path,
        tmp_path,
        backend=backend,
        precision="int8",
        sizes=((24, 31),),
        images=pictures,
        budget_db=0.5,
    )
    share = get_backend(backend).int8_share(done.artefact)
    assert share.int8_convolutions == share.convolutions - in_float > 0
    assert done.proof.psnr_between > (20 if name in UNSTABLE else LEAST_AGREEMENT)
