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
from mmsrkd.deploy import ExportError
from mmsrkd.deploy.backends import get_backend
from mmsrkd.deploy.config import deploy_config
from mmsrkd.deploy.network import build_network
from mmsrkd.deploy.super_resolution import SuperResolution
from mmsrkd.quantization import calibrate, quantizer_of
from mmsrkd.registry import MODELS

from .conftest import TINY, Trained, plain_config

# What mmdeploy's tools/deploy.py does, in a process that has not heard of mmsrkd.
STOCK = """
import sys
import numpy as np
from mmdeploy.apis import inference_model, torch2onnx
from mmdeploy.apis.utils import to_backend
from mmdeploy.utils import get_backend, load_config
deploy, model, weights, image, folder = sys.argv[1:]
loaded, _ = load_config(deploy, model)
torch2onnx(image, folder, "end2end.onnx", deploy, model, weights, "cpu")
files = to_backend(get_backend(loaded), [folder + "/end2end.onnx"], work_dir=folder,
                   deploy_cfg=loaded, device="cpu")
print("files:", *files)
(sample,) = inference_model(model, deploy, files, image, "cpu")
np.save(folder + "/out.npy", sample.output.pred_img.numpy())
"""


@pytest.fixture
def image() -> np.ndarray:
    rng = np.random.default_rng(0)
    return cv2.resize(rng.integers(0, 255, (5, 7, 3), dtype=np.uint8), (31, 23))


def _task(generator: dict, shape=None) -> SuperResolution:
    return SuperResolution(plain_config(generator), Config(deploy_config(shape=shape)), "cpu")


def _stock(config: Config, checkpoint: Path, deploy: Path, folder: Path, image: np.ndarray):
    config.custom_imports = {"imports": ["mmsrkd.registry"], "allow_failed_imports": False}
    config.dump(folder / "model.py")
    cv2.imwrite(str(folder / "image.png"), image)
    paths = [deploy, folder / "model.py", checkpoint, folder / "image.png", folder]
    command = [sys.executable, "-c", STOCK, *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("name", "files", "tolerance"),
    [
        ("onnxruntime_dynamic", ["end2end.onnx"], 0.02),
        ("openvino-fp16_dynamic", ["end2end_fp16.xml", "end2end_fp16.bin"], 0.5),
        ("ncnn_dynamic", ["end2end.param", "end2end.bin"], 0.02),
    ],
)
def test_mmdeploys_own_route(
    trained: Trained, tmp_path: Path, repository: Path, image, name: str, files, tolerance: float
):
    backend = get_backend(name.split("_")[0].split("-")[0])
    if reason := backend.missing():
        pytest.skip(reason)
    config, checkpoint = trained("span")
    deploy = repository / "configs" / "deploy" / f"super-resolution_{name}.py"
    run = _stock(config, checkpoint, deploy, tmp_path, image)
    assert run.returncode == 0, run.stderr
    written = run.stdout.partition("files: ")[2].splitlines()[0].split()
    assert [Path(path).name for path in written] == files
    got = torch.from_numpy(np.load(tmp_path / "out.npy"))
    rgb = torch.from_numpy(image[..., ::-1].transpose(2, 0, 1).copy())[None] / 255
    with torch.no_grad():
        expected = build_network(TINY["span"], checkpoint)(rgb).clamp(0, 1) * 255
    # mmagic hands pictures to evaluators and visualisers as BGR in 0..255
    assert torch.allclose(got.view_as(expected), expected.flip(1), atol=tolerance)


def test_a_float_checkpoint_is_no_int8_network(trained: Trained):
    config, checkpoint = trained("span")
    task = SuperResolution(config, Config(deploy_config(precision="int8")), "cpu")
    with pytest.raises(ExportError, match=r"iter_1\.pth is not quantised: run tools/quantize\.py"):
        task.build_pytorch_model(str(checkpoint))


def test_a_quantised_config_is_in_float_where_float_is_asked_for(trained: Trained):
    """The fp32 file beside an int8 one is that of the network without roundings."""
    config, checkpoint = trained("span")
    expected = SuperResolution(config, Config(deploy_config()), "cpu")
    generator = {"type": "Quantized", "network": config.model.generator}
    config.model.generator = generator
    task = SuperResolution(config, Config(deploy_config()), "cpu")
    got, wanted = (t.build_pytorch_model(str(checkpoint)).generator for t in (task, expected))
    assert [name for name, _ in got.named_modules()] == [n for n, _ in wanted.named_modules()]


def test_a_quantisation_aware_training_exports_with_its_own_config(tmp_path: Path):
    """Its checkpoint does not say that it is quantised, the config's ``quantization`` does."""
    torch.manual_seed(0)
    network = {"type": "Quantized", "network": TINY["lgrnet"], "scheme": {"preset": "npu"}}
    trained = MODELS.build(network)
    calibrate(trained, [torch.rand(1, 3, 24, 24)])
    checkpoint = tmp_path / "iter_1.pth"
    torch.save(
        {"state_dict": {f"generator.{key}": v for key, v in trained.state_dict().items()}},
        checkpoint,
    )
    config = plain_config(TINY["lgrnet"])
    config.model.type = "DistillEditModel"
    config.model.distill = {"teachers": {"R": {"checkpoint": "is not even there"}}}
    config.quantization = {"scheme": {"preset": "npu"}, "checkpoint": "is not there, either"}
    task = SuperResolution(config, Config(deploy_config(precision="int8")), "cpu")
    generator = task.build_pytorch_model(str(checkpoint)).generator
    quantizer_of(trained).switch(observing=False, quantising=True)
    image = torch.rand(1, 3, 17, 12)
    with torch.no_grad():
        assert torch.allclose(generator(image), trained(image), atol=1e-5)
    assert quantizer_of(generator).scheme.weight_bits == 8
    assert task.get_model_name() == "lgrnet"
    assert "quantization" in config, "the caller's config is left alone"


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
