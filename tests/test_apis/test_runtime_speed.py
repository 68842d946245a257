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
    result = measure_runtimes([config], shape=(1, 3, 24, 31), threads=1, turns=2, say=told.append)
    expected = {"PyTorch fp32", "PyTorch fp32, NHWC"}
    for backend, precisions in (
        ("onnxruntime", ("fp32", "int8")), ("openvino", ("fp32", "int8")), ("ncnn", ("fp32",)),
    ):  # fmt: skip
        if get_backend(backend).missing():
            assert any(line.startswith(f"{backend} is left out") for line in told)
            continue
        expected |= {f"{backend} {precision}" for precision in precisions}
    assert list(result["latency"]) == [config]
    assert set(result["latency"][config]) == expected
    assert result["checkpoint"] == "random weights"


def test_ratios_are_those_of_one_network():
    figures = {"PyTorch fp32": 12.0, "onnxruntime fp32": 5.0, "onnxruntime int8": 2.0}
    latency = {label: {"median_ms": ms, "min_ms": 1.0} for label, ms in figures.items()}
    slow = {label: {**one, "median_ms": 3 * one["median_ms"]} for label, one in latency.items()}
    meta = {f"meta/{key}": "2026" for key in ("machine", "date", "commit", "command")}
    setting = {"checkpoint": "random weights", "shape": [1, 3, 24, 31], "threads": 1, "turns": 2}
    page = render({**meta, **setting, "latency": {"a/one.py": latency, "a/two.py": slow}})
    assert "input 1x3x24x31, 1 thread(s), 2 turns in one run" in page
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()[-6:]]
    assert cells[2] == ["one", "onnxruntime int8", "2.0", "1.0", "6.00", "2.50"]
    assert cells[5] == ["two", "onnxruntime int8", "6.0", "1.0", "6.00", "2.50"]


@pytest.mark.parametrize("wrong", [{"shape": (3, 24, 31)}, {"turns": 0}, {"threads": -1}], ids=str)
def test_a_setting_that_cannot_be(config, wrong):
    with pytest.raises(ValueError, match=r"shape must be N, C, H, W.*got"):
        measure_runtimes([config], **wrong)


def test_one_checkpoint_for_two_networks(config):
    with pytest.raises(ValueError, match="one checkpoint is for one config, not for 2"):
        measure_runtimes([config, config], "float.pth")
