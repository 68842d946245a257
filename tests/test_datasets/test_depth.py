from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from mmsrkd.datasets.depth import check_range, eight_bits
from mmsrkd.datasets.transforms import LoadCheckedImage


def load(path: Path, **changes: object) -> np.ndarray:
    loader = LoadCheckedImage("img", **changes)
    return loader.transform({"img_path": str(path)})["img"]


def write(path: Path, image: np.ndarray) -> Path:
    cv2.imwrite(str(path), image)
    return path


def test_whole_range_is_the_exact_inverse_of_times_257() -> None:
    grey = np.arange(256, dtype=np.uint16)
    assert np.array_equal(eight_bits(grey * 257, None, ""), grey)


def test_raw_counts_by_one_line_for_all_files(tmp_path: Path) -> None:
    """A flat cold scene and a warm one keep their distance; nothing is stretched per file."""
    cold = write(tmp_path / "cold.png", np.full((4, 4), 7100, np.uint16))
    warm = write(tmp_path / "warm.png", np.linspace(7000, 9600, 16).astype(np.uint16).reshape(4, 4))
    image = load(cold, range_16bit=(7000, 9550))
    assert image.shape == (4, 4, 3)
    assert image.dtype == np.uint8
    assert (image == 10).all()
    values = load(warm, range_16bit=[7000, 9550])[..., 0].ravel()
    assert (values[0], values[-1]) == (0, 255)


def test_a_nearly_black_file_is_warned_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    monkeypatch.setattr(
        "mmsrkd.datasets.depth.print_log", lambda text, logger, level: lines.append(text)
    )
    raw = write(tmp_path / "raw.png", np.full((4, 4), 7100, np.uint16))
    assert (load(raw) == 28).all()
    assert "raw.png uses only 7100..7100 of 0..65535" in lines[0]
    assert "set range_16bit=(low, high) on LoadCheckedImage" in lines[0]
    load(raw, range_16bit=(0, 65535))
    assert len(lines) == 1


def test_8_bits_and_colour_of_16(tmp_path: Path) -> None:
    colour = np.random.default_rng(0).integers(0, 256, (5, 4, 3), dtype=np.uint8)
    eight = write(tmp_path / "8.png", colour)
    sixteen = write(tmp_path / "16.png", colour.astype(np.uint16) * 257)
    assert np.array_equal(load(eight, range_16bit=(5, 9)), load(sixteen))
    assert np.array_equal(load(eight)[..., ::-1], colour)


@pytest.mark.parametrize("bad", [(5, 5), (0, 65536), (-1, 5), (1,), 9500])
def test_refuses(bad: tuple[int, ...] | int) -> None:
    with pytest.raises(ValueError, match=r"range_16bit must be \(low, high\)"):
        check_range(bad)
