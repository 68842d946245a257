from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from mmsrkd.apis.publish import PublishedStudent, StudentCard, publish_student
from mmsrkd.checkpoints import (
    CheckpointError,
    CheckpointMismatchError,
    TruncatedCheckpointError,
    sha256_of,
)
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks import SPAN, LGRNet

CONFIG = {"type": "mmsrkd.SPAN", "channels": 4, "num_blocks": 1, "scale": 3}


@pytest.fixture
def student() -> SPAN:
    torch.manual_seed(0)
    return SPAN(channels=4, num_blocks=1, scale=3).eval()


def publish(student: SPAN, folder: Path, **kwargs: object) -> PublishedStudent:
    checkpoint = {"state_dict": {f"generator.{k}": v for k, v in student.state_dict().items()}}
    card = StudentCard(config="span_x3", commit="abc", metrics={"Set5/PSNR_Y": 34.5})
    return publish_student(checkpoint, CONFIG, folder, card=card, **kwargs)  # type: ignore[arg-type]


@torch.no_grad()
def test_both_files_build_the_trained_network(student: SPAN, tmp_path: Path) -> None:
    published, x = publish(student, tmp_path / "out"), torch.rand(1, 3, 7, 9)
    for path in (published.safetensors, published.pth):
        network = build_published(path)
        assert not network.training
        assert torch.allclose(network(x), student(x), rtol=1e-4, atol=1e-4)
        assert path.stem.endswith(sha256_of(path)[:8])
        assert path.name.startswith("span_x3-")


def test_safetensors_alone_tells_everything(student: SPAN, tmp_path: Path) -> None:
    with safe_open(str(publish(student, tmp_path).safetensors), "pt") as file:
        header, keys = file.metadata(), set(file.keys())
    assert header["format"] == "mmsrkd-network-v1"
    network = json.loads(header["network"])
    assert network == {**CONFIG, "type": "SPAN", "deploy": True}
    assert json.loads(header["metrics"]) == {"Set5/PSNR_Y": 34.5}
    assert json.loads(header["input"])["range"] == [0.0, 1.0]
    assert (header["scale"], header["config"], header["commit"]) == ("3", "span_x3", "abc")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", header["date"])
    assert "conv_1.eval_conv.weight" in keys
    assert not any(".sk." in key or key.startswith("generator.") for key in keys)


def test_train_form_on_request(student: SPAN, tmp_path: Path) -> None:
    network = build_published(publish(student, tmp_path, deploy=False).pth)
    assert all(torch.equal(v, student.state_dict()[k]) for k, v in network.state_dict().items())


def test_card_has_figures_and_hashes(student: SPAN, tmp_path: Path) -> None:
    published = publish(student, tmp_path, name="my_student")
    card = published.card.read_text()
    for text in ("# my_student", "Set5/PSNR_Y | 34.5", "Apache-2.0", sha256_of(published.pth)):
        assert text in card


def test_wrong_network_writes_nothing(student: SPAN, tmp_path: Path) -> None:
    with pytest.raises(CheckpointMismatchError, match="checkpoint is x3, network is x2"):
        publish_student(dict(student.state_dict()), {**CONFIG, "scale": 2}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_weights_that_are_not_numbers_are_refused(student: SPAN, tmp_path: Path) -> None:
    student.conv_cat.bias.data[0] = float("nan")
    with pytest.raises(CheckpointError, match=r"NaN or infinity in conv_cat\.bias|changed its out"):
        publish(student, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_changed_weights_are_noticed(tmp_path: Path) -> None:
    config = {"type": "LGRNet", "channels": 4, "num_blocks": 1}
    state = LGRNet(channels=4, num_blocks=1).state_dict()
    meta = network_metadata(config, state, {})
    state["upsampler.0.bias"][0] += 1
    with pytest.raises(TruncatedCheckpointError, match="weights_sha256 differs"):
        build_published(write_network(tmp_path / "a.safetensors", state, meta))


def test_a_file_without_metadata_is_explained(tmp_path: Path) -> None:
    torch.save({"w": torch.ones(1)}, tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=r"tools/publish_student\.py"):
        build_published(tmp_path / "a.pth")
    with pytest.raises(CheckpointError, match=r"cannot write a \.onnx"):
        write_network(tmp_path / "a.onnx", {}, {})
