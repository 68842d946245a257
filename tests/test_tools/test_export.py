from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

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

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        files = [str(tmp_path / name) for name in ("config.py", "weights.pth")]
        command = [sys.executable, "tools/export.py", *files, "-o", str(tmp_path / "out")]
        return subprocess.run(
            [*command, *arguments], cwd=repository, capture_output=True, text=True
        )

    return call


def test_table_json_and_file(run, tmp_path: Path):
    done = run("--json", str(tmp_path / "out.json"))
    assert done.returncode == 0, done.stderr
    assert "| 1x3x37x53 " in done.stdout
    figures = json.loads((tmp_path / "out.json").read_text())
    assert figures["parity/max_abs_error"] <= 1e-4
    assert set(figures) >= {"parity/64x49/psnr", "export/sha256", "export/seconds", "meta/commit"}
    assert (tmp_path / "out" / figures["export/file"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shape", "256x256"], "error: --shape 256x256 is not NxCxHxW"),
        (["--tolerance", "-1"], "error: for input 1x3x37x53 the exported file is off by"),
    ],
)
def test_failure_is_one_line_and_exit_code_1(run, tmp_path: Path, arguments, message: str):
    done = run(*arguments)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(errors) == 1
    assert errors[0].startswith(message)
    assert not list(tmp_path.glob("out/*"))


def test_dynamic_and_shape_exclude_each_other(run):
    done = run("--dynamic", "--shape", "1x3x8x8")
    assert done.returncode == 2
    assert "not allowed with" in done.stderr
