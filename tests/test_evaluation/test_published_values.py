"""Bicubic upscaling has known values; a wrong resize, luma, border or rounding shows here."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.colour import rgb_to_y
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.evaluation.functional import psnr, ssim

SETS = ("Set5", "Set14", "BSD100", "Urban100")


def read(path: Path) -> tuple[np.ndarray, bool]:
    image = cv2.imread(str(path), cv2.IMREAD_ANYCOLOR)
    if image.ndim == 2:
        return np.repeat(image[..., None], 3, axis=2), True
    return image, False


def rgb_y(path: Path, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Luma of HR and of what MATLAB's uint8 bicubic makes of it."""
    image, grey = read(path)
    hr = modcrop(image, scale)
    output = matlab_resize(matlab_resize(hr, scale=1 / scale), scale=scale)
    return rgb_to_y(hr, "BGR", full_range=grey), rgb_to_y(output, "BGR", full_range=grey)


def srcnn_y(path: Path, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Rounded luma, resized without rounding in between, and rounded at the end."""
    image, grey = read(path)
    hr = rgb_to_y(modcrop(image, scale), "BGR", rounded=True, full_range=grey)
    output = matlab_resize(matlab_resize(hr, scale=1 / scale), scale=scale)
    return hr, np.clip(np.floor(output + 0.5), 0, 255)


PROTOCOLS = {"rgb_y": rgb_y, "srcnn_y": srcnn_y}


def differences(data_root: Path, name: str, scale: int, protocol: str, step: int) -> list[float]:
    expected = json.loads((data_root / "expected_bicubic_psnr.json").read_text())
    files = sorted((data_root / "sr" / name / "HR").glob("*.png"))[::step]
    assert files
    return [
        psnr(*PROTOCOLS[protocol](file, scale), crop_border=scale)
        - expected["per_image"][name][f"x{scale}"][file.stem][protocol]
        for file in files
    ]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize(
    ("name", "step"), [("Set5", 1), ("Set14", 1), ("BSD100", 9), ("Urban100", 9)]
)
def test_bicubic_psnr_of_single_images(data_root, name, step, scale, protocol):
    assert np.abs(differences(data_root, name, scale, protocol, step)).max() < 0.005


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize("name", SETS)
def test_bicubic_psnr_of_whole_sets(data_root, name, scale, protocol):
    expected = json.loads((data_root / "expected_bicubic_psnr.json").read_text())
    mean = expected["means_of_this_folder"][f"{name} x{scale}"][protocol]
    values = [
        psnr(*PROTOCOLS[protocol](file, scale), crop_border=scale)
        for file in sorted((data_root / "sr" / name / "HR").glob("*.png"))
    ]
    assert np.mean(values) == pytest.approx(mean, abs=0.005)


def test_bicubic_ssim_of_set5(data_root):
    files = sorted((data_root / "sr/Set5/HR").glob("*.png"))
    values = [ssim(*srcnn_y(file, 2), crop_border=2) for file in files]
    assert np.mean(values) == pytest.approx(0.9299, abs=0.0005)
    values = [ssim(*rgb_y(file, 2), crop_border=2) for file in files]
    assert np.mean(values) == pytest.approx(0.9299, abs=0.0005)
