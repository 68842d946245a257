"""mmdeploy's own API with the configs of this package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from mmengine.config import Config

from mmsrkd.datasets.errors import MissingDataError
from mmsrkd.deploy.config import deploy_config
from mmsrkd.deploy.network import build_network
from mmsrkd.deploy.super_resolution import SuperResolution

from .conftest import TINY, Trained, plain_config

# What mmdeploy's tools/deploy.py does, in a process that has not heard of mmsrkd.
STOCK = """
import sys
from mmdeploy.apis import inference_model, torch2onnx
import numpy as np
deploy, model, weights, image, folder = sys.argv[1:]
torch2onnx(image, folder, "end2end.onnx", deploy, model, weights, "cpu")
(sample,) = inference_model(model, deploy, [folder + "/end2end.onnx"], image, "cpu")
np.save(folder + "/out.npy", sample.output.pred_img.numpy())
"""


@pytest.fixture
def image() -> np.ndarray:
    rng = np.random.default_rng(0)
    return cv2.resize(rng.integers(0, 255, (5, 7, 3), dtype=np.uint8), (31, 23))


def _task(generator: dict, shape=None) -> SuperResolution:
    return SuperResolution(plain_config(generator), Config(deploy_config(shape=shape)), "cpu")


def test_mmdeploys_own_route(trained: Trained, tmp_path: Path, repository: Path, image):
    config, checkpoint = trained("span")
    config.custom_imports = {"imports": ["mmsrkd.registry"], "allow_failed_imports": False}
    config.dump(tmp_path / "model.py")
    cv2.imwrite(str(tmp_path / "image.png"), image)
    deploy = repository / "configs" / "deploy" / "super-resolution_onnxruntime_dynamic.py"
    paths = [deploy, tmp_path / "model.py", checkpoint, tmp_path / "image.png", tmp_path]
    command = [sys.executable, "-c", STOCK, *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    got = torch.from_numpy(np.load(tmp_path / "out.npy"))
    rgb = torch.from_numpy(image[..., ::-1].transpose(2, 0, 1).copy())[None] / 255
    with torch.no_grad():
        expected = build_network(TINY["span"], checkpoint)(rgb).clamp(0, 1) * 255
    # mmagic hands pictures to evaluators and visualisers as BGR in 0..255
    assert torch.allclose(got.view_as(expected), expected.flip(1), atol=0.02)


def test_arrays_are_bgr_and_come_out_as_rgb_in_0_1(image):
    task = _task(TINY["lgrnet"])
    model = task.build_pytorch_model()
    data, tensor = task.create_input([image, image], data_preprocessor=model.data_preprocessor)
    assert tensor.shape == (2, 3, 23, 31)
    assert torch.allclose(tensor[0, 0], torch.from_numpy(image[..., 2] / 255).float())
    assert data["data_samples"]


def test_static_input_is_resized(image):
    task = _task(TINY["lgrnet"], shape=(1, 3, 16, 20))
    _, (tensor,) = task.create_input(image, input_shape=(20, 16))
    assert tensor.shape == (3, 16, 20)


def test_missing_image_is_named():
    with pytest.raises(MissingDataError, match=r"no-such\.png"):
        _task(TINY["lgrnet"]).create_input("no-such.png")


def test_model_is_merged_and_in_eval(trained: Trained):
    config, checkpoint = trained("span")
    task = SuperResolution(config, Config(deploy_config()), "cpu")
    model = task.build_pytorch_model(str(checkpoint))
    assert model.generator.conv_1.deploy
    assert not model.training
    assert task.get_model_name() == "span"
    assert task.get_preprocess()[1]["std"] == [255.0] * 3
