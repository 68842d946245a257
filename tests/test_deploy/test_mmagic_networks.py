"""mmagic's networks, for free sizes, in float and in int8."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.deploy import export
from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.parity import compare
from mmsrkd.deploy.to_onnx import plain_config, to_onnx
from mmsrkd.registry import MODELS
from tests import tiny

COLOURS = {"in_channels": 3, "out_channels": 3}
LEVELS = {"num_blocks": [1] * 4, "heads": [1, 2, 2, 2], "num_refinement_blocks": 1}
WINDOWS = {"img_size": 16, "window_size": 8, "upsampler": "pixelshuffledirect", "upscale": 2}
MMAGIC: dict[str, dict[str, Any]] = {
    "EDSRNet": {**COLOURS, "mid_channels": 8, "num_blocks": 1},
    "SRCNNNet": {"channels": (3, 8, 8, 3), "upscale_factor": 2},
    "RDNNet": {**COLOURS, "mid_channels": 8, "num_blocks": 2, "num_layers": 2, "upscale_factor": 2},
    "Restormer": {"dim": 8, **LEVELS},
    "SwinIRNet": {"embed_dim": 8, "depths": [2], "num_heads": [2], "mlp_ratio": 2, **WINDOWS},
    "NAFNet": {"mid_channels": 8, "enc_blk_nums": [1], "dec_blk_nums": [1]},
}
SIZES = ((37, 53), (24, 31))
BACKENDS = ("onnxruntime", "openvino")


def trained(name: str) -> torch.nn.Module:
    """Branches that a new network multiplies by 0 count, as after training."""
    torch.manual_seed(0)
    network: torch.nn.Module = MODELS.build({"type": name, **MMAGIC[name]}).eval()
    with torch.no_grad():
        for key, value in network.named_parameters():
            if key.endswith((".beta", ".gamma")):
                value.fill_(0.5)
    return network


def config_of(name: str) -> Config:
    return Config({"model": {**tiny.model_config(), "generator": {"type": name, **MMAGIC[name]}}})


@pytest.mark.parametrize("name", MMAGIC)
def test_runtimes_equal_torch(name: str, tmp_path: Path):
    network, file = trained(name), tmp_path / "network.onnx"
    torch.save(network.state_dict(), tmp_path / "float.pth")
    to_onnx(file, plain_config(config_of(name)), tmp_path / "float.pth", static=None)
    for backend in map(get_backend, BACKENDS):
        if backend.missing():
            continue
        made = backend.convert(file, "fp32", tmp_path / backend.name)
        shapes = [(number, 3, *size) for number, size in enumerate(SIZES, 1)]
        found = compare(network, backend.open(made, threads=1), shapes)
        assert max(entry.max_abs_error for entry in found) <= 1e-5


@pytest.mark.parametrize("name", ["SwinIRNet", "NAFNet"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_ranges_and_int8(name: str, backend: str, tmp_path: Path):
    if reason := get_backend(backend).missing():
        pytest.skip(reason)
    torch.save(trained(name).state_dict(), tmp_path / "float.pth")
    pictures = tiny.write_images(tmp_path / "pictures", count=1, size=96)
    scheme = {"preset": "cpu" if backend == "onnxruntime" else backend}
    made = quantize_checkpoint(
        config_of(name),
        str(tmp_path / "float.pth"),
        tmp_path / "int.pth",
        scheme,
        folder=pictures,
        size=48,
    )
    assert not made.in_float
    done = export(
        config_of(name),
        made.path,
        tmp_path,
        backend=backend,
        precision="int8",
        sizes=SIZES[1:],
        images=pictures,
        budget_db=0.5,
    )
    assert done.proof is not None
    assert done.proof.psnr_between > 33
    share = get_backend(backend).int8_share(done.artefact)
    assert share.int8_convolutions == share.convolutions > 0
