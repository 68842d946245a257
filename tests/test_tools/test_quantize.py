"""`tools/quantize.py`: from a checkpoint and a folder to a file every other tool reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from mmsrkd.checkpoints import load_network, read_checkpoint
from mmsrkd.models.networks import LGRNet
from mmsrkd.quantization import quantised_like
from tests import tiny

REPOSITORY = Path(__file__).resolve().parents[2]
TEXT = """
model = dict(
    type="BaseEditModel",
    generator=dict(type="LGRNet", channels=8, num_blocks=1, scale=2),
    pixel_loss=dict(type="L1Loss"),
)
default_scope = "mmsrkd"
"""


TRAINED = """
overrides = [dict(pattern="upsampler.0", fine_input=True)]
scheme = dict(preset="openvino", weight_bits=5, learned_step=True, overrides=overrides)
quantization = dict(scheme=scheme)
"""


def run(folder: Path, *flags: object, more: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "config.py").write_text(TEXT + more)
    torch.manual_seed(0)
    torch.save(LGRNet(channels=8, num_blocks=1).state_dict(), folder / "float.pth")
    return subprocess.run(
        [
            *(sys.executable, REPOSITORY / "tools/quantize.py"),
            *(folder / "config.py", folder / "float.pth"),
            *map(str, flags),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_writes_what_it_says(tmp_path):
    pictures = tiny.write_images(tmp_path / "pictures")
    flags = ("--weight-bits", 4, "--float", "head.*", "--method", "percentile")
    out = tmp_path / "int.safetensors"
    done = run(tmp_path, "--calib", pictures, "-o", out, *flags, "--json", "figures.json")
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["quantize/pictures"] == 5
    assert figures["quantize/layers_in_float"] == ["head.0"]
    meta = read_checkpoint(out)["meta"]
    assert meta["network"]["type"] == "Quantized"
    scheme = meta["network"]["scheme"]
    assert (scheme["weight_bits"], scheme["layout"]) == (4, "ort")  # in full, not as a preset
    assert "preset" not in scheme
    assert str(tmp_path) not in json.dumps(meta)
    load_network(LGRNet(channels=8, num_blocks=1), out)  # a float network leaves roundings behind


def test_fine_inputs_and_sums_in_float(tmp_path):
    out = tmp_path / "int.pth"
    flags = ("--preset", "openvino", "--fine", "upsampler.*", "--float-sums")
    done = run(tmp_path, *flags, "-o", out)
    assert done.returncode == 0, done.stderr
    scheme = read_checkpoint(out)["meta"]["network"]["scheme"]
    assert not scheme["round_sums"]
    assert scheme["percentile"] in (0.9999, 0.99999)
    assert [(o["pattern"], o["fine_input"]) for o in scheme["overrides"]] == [("upsampler.*", True)]


def test_the_scheme_a_config_trains_with(tmp_path):
    out = tmp_path / "int.pth"
    flags = ("--balance", "body.*.conv1", "--sensitivity", "--json", "figures.json")
    done = run(tmp_path, "-o", out, *flags, more=TRAINED)
    assert done.returncode == 0, done.stderr
    scheme = read_checkpoint(out)["meta"]["network"]["scheme"]
    assert (scheme["layout"], scheme["weight_bits"], scheme["learned_step"]) == ("trt", 5, False)
    found = {o["pattern"]: (o["fine_input"], o["balance"]) for o in scheme["overrides"]}
    assert found == {"upsampler.0": (True, False), "body.*.conv1": (False, True)}
    costs = json.loads((tmp_path / "figures.json").read_text())["quantize/costs"]
    assert f"| {costs[0]['name']}" in done.stdout
    assert f"{costs[0]['share']:.1%}" in done.stdout
    # the file's numbers count, whatever the config that it is opened with quantises with
    own = {"type": "Quantized", "network": {"type": "LGRNet"}, "scheme": {"preset": "cpu"}}
    assert quantised_like(own, str(out)) == {**own, "scheme": scheme}
    # a preset by name leaves the config's numbers out
    done = run(tmp_path, "-o", out, "--preset", "openvino", more=TRAINED)
    scheme = read_checkpoint(out)["meta"]["network"]["scheme"]
    assert (scheme["layout"], scheme["weight_bits"], scheme["overrides"]) == ("trt", 7, [])


def test_four_bits_between_layers_of_eight(tmp_path):
    out = tmp_path / "int.pth"
    flags = ("--weight-bits", 4, "--eight-bits", "head.0", "upsampler.0", "--fine", "upsampler.0")
    done = run(tmp_path, "--preset", "openvino", *flags, "-o", out)
    assert done.returncode == 0, done.stderr
    scheme = read_checkpoint(out)["meta"]["network"]["scheme"]
    found = {o["pattern"]: (o["weight_bits"], o["fine_input"]) for o in scheme["overrides"]}
    assert found == {"head.0": (8, False), "upsampler.0": (8, True)}
    assert scheme["weight_bits"] == 4


def test_scales_that_are_powers_of_two(tmp_path):
    out = tmp_path / "int.pth"
    done = run(tmp_path, "--preset", "npu", "--power-of-two", "-o", out)
    assert done.returncode == 0, done.stderr
    assert "finding ranges" in done.stderr  # progress
    scales = [v for k, v in read_checkpoint(out)["state_dict"].items() if k.endswith(".scale")]
    exponents = torch.cat([scale.flatten() for scale in scales]).log2()
    assert len(exponents) > 10
    assert torch.equal(exponents, exponents.round())


def test_a_distilling_config_is_said_to_mean_its_student(tmp_path):
    distilling = ("--cfg-options", "model.type=DistillEditModel", "model.distill.teachers.t.x=1")
    done = run(tmp_path, "-o", tmp_path / "int.pth", *distilling)
    assert done.returncode == 0, done.stderr
    assert "note: the config distils: its student, LGRNet, is quantised\n" in done.stdout


@pytest.mark.parametrize(
    ("pictures", "flags", "message"),
    [
        ([], (), "no image"),
        ([np.full((40, 40, 3), 90, np.uint8)], (), "is of one value, the first of 0.353"),
        ([np.zeros((1, 9, 3), np.uint8)], (), "0.png has 9x1 pixels, too few to reduce by 2"),
        (None, ("--percentile", 99.99), "share must be in (0, 1], got 99.99"),
        (None, ("--fine", "upsampler.0"), "fine_input=True needs layout 'trt'"),
        (None, ("--fine", "auto"), "inputs in two parts are not for layout 'ort'"),
        (None, ("--fine", "auto:2"), "--fine auto:2: take a share above 0 and up to 1"),
        (None, ("--float", "haed.*"), "override pattern 'haed.*' fits nothing in the network"),
    ],
)
def test_bad_input_is_one_line(tmp_path, pictures, flags, message):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, picture in enumerate(pictures or []):
        cv2.imwrite(str(folder / f"{index}.png"), picture)
    calib = () if pictures is None else ("--calib", folder)
    failed = run(tmp_path, *calib, *flags, "-o", tmp_path / "int.pth")
    assert failed.returncode != 0
    assert message in failed.stderr
    # image libraries may have warned of a picture before
    assert any(line.startswith("error: ") for line in failed.stderr.splitlines())
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "int.pth").exists()
