from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mmsrkd.checkpoints import CheckpointError, TruncatedCheckpointError
from mmsrkd.checkpoints.ncnn import FLOAT16_TAG, FLOAT32_TAG, read_ncnn

PARAM = """7767517
4 4
Input            in      0 1 data
MemoryData       /mean   0 1 mean 0=1 1=1 2=3
BinaryOp         /Sub    2 1 data mean x 0=1
Convolution      /c/Conv 1 1 x out 0=1 1=3 4=1 5=1 6=27
"""
KERNEL = np.arange(27, dtype=np.float32) / 8
MEAN = np.array([0.1, 0.2, 0.3], np.float32)
BIAS = np.array([0.7], np.float32)


def write(folder: Path, tag: int = FLOAT16_TAG, param: str = PARAM) -> tuple[Path, Path]:
    weights = KERNEL.astype("<f2").tobytes() + b"\0\0" if tag == FLOAT16_TAG else KERNEL.tobytes()
    (folder / "m.param").write_text(param)
    data = MEAN.tobytes() + tag.to_bytes(4, "little") + weights + BIAS.tobytes()
    (folder / "m.bin").write_bytes(data)
    return folder / "m.param", folder / "m.bin"


@pytest.mark.parametrize("tag", [FLOAT16_TAG, FLOAT32_TAG])
def test_reads_weights_bias_and_constants(tmp_path: Path, tag: int) -> None:
    arrays = read_ncnn(*write(tmp_path, tag)).arrays
    np.testing.assert_array_equal(arrays["/c/Conv.weight"], KERNEL.reshape(1, 3, 3, 3))
    np.testing.assert_array_equal(arrays["/c/Conv.bias"], BIAS)
    np.testing.assert_array_equal(arrays["/mean.data"], MEAN)


def test_length_of_the_weights_must_be_exact(tmp_path: Path) -> None:
    param, binary = write(tmp_path)
    data = binary.read_bytes()
    binary.write_bytes(data[:-1])
    with pytest.raises(TruncatedCheckpointError, match="ends before its weights do"):
        read_ncnn(param, binary)
    binary.write_bytes(data + b"1234")
    with pytest.raises(TruncatedCheckpointError, match="4 bytes more"):
        read_ncnn(param, binary)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("7767517\n", "777\n", "does not begin with 7767517"),
        ("4 4", "5 4", "announces 5 layers and has 4"),
        ("0=1 1=3 4=1 5=1 6=27", "0=1 1=3 4=1 5=1 6=28", "28 weights do not fit 1 filters of 3x3"),
        ("0=1 1=3 4=1 5=1 6=27", "0=1 1=three", "option 1=three is not a whole"),
        ("BinaryOp  ", "LSTM  ", "layer LSTM .* is not supported"),
    ],
)
def test_bad_layer_lists_are_explained(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        read_ncnn(*write(tmp_path, param=PARAM.replace(old, new)))


def test_int8_weights_are_refused(tmp_path: Path) -> None:
    param, binary = write(tmp_path)
    data = bytearray(binary.read_bytes())
    data[12:16] = (0x000D4B38).to_bytes(4, "little")
    binary.write_bytes(data)
    with pytest.raises(CheckpointError, match="format tag 0x000D4B38"):
        read_ncnn(param, binary)


def test_the_other_half_is_asked_for(tmp_path: Path) -> None:
    param, binary = write(tmp_path)
    binary.unlink()
    with pytest.raises(FileNotFoundError, match=r"a \.param and a \.bin file"):
        read_ncnn(param, binary)
