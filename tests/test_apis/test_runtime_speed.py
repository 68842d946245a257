from __future__ import annotations

import pytest

from mmsrkd.apis.runtime_speed import measure_runtimes, render
from mmsrkd.deploy.backends import get_backend

CONFIG = """
model = dict(
    type="BaseEditModel",
    generator=dict(type="LGRNet", channels=8, num_blocks=1, scale=2),
    pixel_loss=dict(type="L1Loss"),
    data_preprocessor=dict(type="DataPreprocessor", mean=[0.0] * 3, std=[255.0] * 3),
)
default_scope = "mmsrkd"
"""


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "tiny.py"
    path.write_text(CONFIG)
    return str(path)


def test_every_installed_runtime_in_one_run(config):
    told: list[str] = []
    result = measure_runtimes(config, shape=(1, 3, 24, 31), threads=1, turns=2, say=told.append)
    expected = {"PyTorch fp32", "PyTorch fp32, NHWC"}
    for backend, precisions in (
        ("onnxruntime", ("fp32", "int8")), ("openvino", ("fp32", "int8")), ("ncnn", ("fp32",)),
    ):  # fmt: skip
        if get_backend(backend).missing():
            assert any(line.startswith(f"{backend} is left out") for line in told)
            continue
        expected |= {f"{backend} {precision}" for precision in precisions}
    assert set(result["latency"]) == expected
    assert result["latency"]["PyTorch fp32"]["ratio"] == 1
    assert result["checkpoint"] == "random weights"
    one = {"median_ms": 2.0, "min_ms": 1.0, "ratio": 4.0}
    latency = {"onnxruntime fp32": {**one, "median_ms": 5.0}, "onnxruntime int8": one}
    page = render({**result, "latency": latency})
    assert "input 1x3x24x31, 1 thread(s), 2 turns" in page
    assert page.splitlines()[-1].split("|")[-2].strip() == "2.50"


@pytest.mark.parametrize("wrong", [{"shape": (3, 24, 31)}, {"turns": 0}, {"threads": -1}], ids=str)
def test_a_setting_that_cannot_be(config, wrong):
    with pytest.raises(ValueError, match=r"shape must be N, C, H, W.*got"):
        measure_runtimes(config, **wrong)
