"""A network of several images: every form leaves through mmdeploy and gives what PyTorch gives."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import torch
from mmengine.config import Config

from mmsrkd.apis.quantize import quantize_checkpoint
from mmsrkd.deploy import ExportError, export
from mmsrkd.registry import MODELS

from .conftest import plain_config

GENERATOR = {
    "type": "SRDeblurNet",
    "channels": 4,
    "num_blocks": 1,
    "sr_channels": 8,
    "sr_blocks": 2,
    "img_range": 1.0,
}
CONFIGS = Path(__file__).parents[2] / "configs" / "sr_deblur"
#: None a multiple of 4 in both sides.
SIZES = ((37, 54), (64, 49), (101, 31))


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    network = MODELS.build(dict(GENERATOR))
    torch.nn.init.normal_(network.fit.weight, std=0.05)
    state = {f"generator.{key}": value for key, value in network.state_dict().items()}
    torch.save({"state_dict": state, "meta": {"iter": 1}}, tmp_path / "iter_1.pth")
    return tmp_path / "iter_1.pth"


def config(form: str) -> Config:
    return plain_config({**GENERATOR, "form": form})


def trained_config(name: str, form: str) -> Config:
    """A config as the chain trains with it, at this test's widths."""
    found = Config.fromfile(CONFIGS / f"sr-deblur_{name}_x4.py")
    found.model.generator = {**GENERATOR, "form": form}
    return found


@pytest.mark.parametrize(
    ("form", "name", "outputs", "scale"),
    [
        ("sr", "srdeblurnet_x4_dynamic.onnx", ["output"], 4),
        ("deblur", "srdeblurnet_x1_dynamic.onnx", ["output"], 1),
        ("both", "srdeblurnet_deblur-sr_x4_dynamic.onnx", ["deblur", "sr"], 4),
    ],
)
def test_every_form_is_exported(
    form: str, name: str, outputs: list[str], scale: int, checkpoint: Path, tmp_path: Path
) -> None:
    result = export(config(form), checkpoint, tmp_path / "out", sizes=SIZES)
    assert (result.path.name, result.scale) == (name, scale)
    assert len(result.parity) == len(outputs) * len(SIZES)  # each image is compared
    assert result.max_abs_error <= 1e-4
    assert [entry.name for entry in onnx.load(result.path).graph.output] == outputs


@pytest.mark.parametrize("form", ["deblur", "both"])
@pytest.mark.parametrize("name", ["phase2", "dann", "student"])
def test_configs_of_a_training_deploy_the_form(
    name: str, form: str, checkpoint: Path, tmp_path: Path
) -> None:
    """Where a test is told a task, a file has what the network's form says."""
    found = export(trained_config(name, form), checkpoint, tmp_path / "out", sizes=SIZES[:1])
    assert found.max_abs_error <= 1e-4
    assert found.scale == (1 if form == "deblur" else 4)


def test_several_are_quantised(checkpoint: Path, set5: Path, tmp_path: Path) -> None:
    quantised = quantize_checkpoint(
        config("both"),
        str(checkpoint),
        tmp_path / "int8.pth",
        {"preset": "cpu"},
        folder=set5,
        size=32,
    )
    result = export(
        config("both"), quantised.path, tmp_path / "out", precision="int8", budget_db=1.0
    )
    assert [entry.name for entry in onnx.load(result.path).graph.output] == ["deblur", "sr"]
    assert "QuantizeLinear" in result.operators


def test_a_runtime_of_one_output_refuses_several(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(
        ExportError,
        match=r"gives 2 images \(deblur, sr\), openvino files .* model.generator.form=sr",
    ):
        export(config("both"), checkpoint, tmp_path, backend="openvino")
