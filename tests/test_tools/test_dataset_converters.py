from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONVERTERS = [
    "make_motion_blur.py",
    "prepare_benchmarks.py",
    "prepare_div2k_lsdir.py",
    "prepare_gopro.py",
    "prepare_sample_images.py",
    "prepare_urban100.py",
    "prepare_vgtsr.py",
]
NEED_A_SOURCE = ["benchmarks", "div2k_lsdir", "gopro", "urban100", "vgtsr"]


def run(repository: Path, script: str, *arguments: object, **environment: str):
    command = [sys.executable, f"tools/dataset_converters/{script}", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=repository,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", CONVERTERS)
def test_help_names_the_data_root(repository, script):
    result = run(repository, script, "--help")
    assert result.returncode == 0
    assert "MMSRKD_DATA" in result.stdout


@pytest.mark.parametrize("name", NEED_A_SOURCE)
def test_wrong_folder_gives_a_message_and_no_traceback(repository, tmp_path, name):
    script = f"prepare_{name}.py"
    result = run(repository, script, tmp_path / "nothing", MMSRKD_DATA=str(tmp_path / "data"))
    assert result.returncode == 1
    assert "error: no" in result.stderr
    assert str(tmp_path / "nothing") in result.stderr
    assert "Traceback (most" not in result.stderr
    assert not (tmp_path / "data").exists()


def test_sample_images_go_below_the_data_root(repository, tmp_path):
    pytest.importorskip("skimage", reason="the sample images are inside scikit-image")
    result = run(repository, "prepare_sample_images.py", MMSRKD_DATA=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert "14 images from scikit-image" in result.stdout
    assert (tmp_path / "sample_images/HeldOut/HR/astronaut.png").is_file()
