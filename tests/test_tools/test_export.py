from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
import torch

from mmsrkd.datasets.sample_images import sample_image_folder

CONFIG = """
default_scope = "mmsrkd"
model = dict(
    type="BaseEditModel",
    generator=dict(type="LGRNet", channels=8, num_blocks=2, scale=2),
    pixel_loss=dict(type="L1Loss"),
    data_preprocessor=dict(type="DataPreprocessor", mean=[0.0] * 3, std=[255.0] * 3),
)
"""


@pytest.fixture
def run(tmp_path: Path, repository: Path):
    from mmsrkd.models.networks import LGRNet

    (tmp_path / "config.py").write_text(CONFIG)
    torch.save(LGRNet(channels=8, num_blocks=2, scale=2).state_dict(), tmp_path / "weights.pth")
    images = tmp_path / "images"
    images.mkdir()
    cat = cv2.imread(str(sample_image_folder() / "chelsea.png"))[60:156, 100:210]
    cv2.imwrite(str(images / "cat.png"), cat)

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        files = [str(tmp_path / name) for name in ("config.py", "weights.pth")]
        command = [sys.executable, "tools/export.py", *files, "-o", str(tmp_path / "out")]
        quick = ["--latency-shape", "1x3x16x16", "--latency-runs", "1", "--images", str(images)]
        return subprocess.run(
            [*command, *quick, *arguments], cwd=repository, capture_output=True, text=True
        )

    return call


def test_table_json_and_file(run, tmp_path: Path):
    done = run("--json", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    assert "| 1x3x37x53 " in done.stdout
    assert "1 image(s) (cat), PSNR_Y against HR with a border of 2" in done.stdout
    assert "| onnxruntime fp16 | " in done.stdout
    assert "timed in turns on 1x3x16x16" in done.stdout
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["parity/max_abs_error"] <= 1e-4
    assert set(figures) >= {"parity/64x49/psnr", "export/sha256", "export/seconds", "meta/commit"}
    assert abs(figures["proof/change_dB"]) <= 0.02
    assert figures["onnxruntime fp32/convolutions"] == figures["operators/Conv"]
    assert figures["onnxruntime fp32/times_as_fast"] > 0
    assert (tmp_path / "out" / figures["export/file"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shape", "256x256"], "error: --shape 256x256 is not NxCxHxW"),
        (["--latency-shape", "1x3"], "error: --latency-shape 1x3 is not NxCxHxW"),
        (["--precision", "int8"], "error: WEIGHTS is not quantised: run tools/quantize.py first"),
        (["--tolerance", "-1"], "error: for input 1x3x37x53 the exported file is off by"),
    ],
)
def test_failure_is_one_line_and_exit_code_1(run, tmp_path: Path, arguments, message: str):
    done = run(*arguments)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(errors) == 1
    assert errors[0].startswith(message.replace("WEIGHTS", str(tmp_path / "weights.pth")))
    assert not list(tmp_path.glob("out/*"))


def test_tensorrt_without_its_package_is_no_failure(run, tmp_path: Path):
    if importlib.util.find_spec("tensorrt"):
        pytest.skip("TensorRT is installed")
    done = run("--backend", "tensorrt", "--json", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    assert "note: build the engine where TensorRT is installed: trtexec --onnx=" in done.stdout
    assert "engine not built: " in done.stdout
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["export/state"].startswith("engine not built: ")


def test_dynamic_and_shape_exclude_each_other(run):
    done = run("--dynamic", "--shape", "1x3x8x8")
    assert done.returncode == 2
    assert "not allowed with" in done.stderr
