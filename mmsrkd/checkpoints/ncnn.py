from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mmsrkd.checkpoints.errors import CheckpointError, TruncatedCheckpointError

MAGIC = "7767517"
FLOAT32_TAG = 0x00000000
FLOAT16_TAG = 0x01306B47

Array = NDArray[np.float32]


@dataclass(frozen=True)
class NcnnLayer:
    """One line of a ``.param`` file: ``options`` are its numbered parameters, as text."""

    kind: str
    name: str
    options: dict[int, str]

    def integer(self, option: int, default: int = 0) -> int:
        """Return a numbered option as an integer."""
        value = self.options.get(option, default)
        try:
            return int(value)
        except ValueError:
            raise CheckpointError(
                f"ncnn layer {self.name}: option {option}={value} is not a whole number"
            ) from None


@dataclass
class NcnnModel:
    """A model read from ncnn files.

    Attributes:
        layers: In file order.
        arrays: ``{layer}.weight`` (out, in, kh, kw), ``{layer}.bias`` (out,) and
            ``{layer}.data`` for constants, all float32.
    """

    layers: list[NcnnLayer]
    arrays: dict[str, Array] = field(default_factory=dict)


def read_ncnn(param: str | os.PathLike[str], binary: str | os.PathLike[str]) -> NcnnModel:
    """Read an ncnn model: text ``.param`` and ``.bin`` with float32 or float16 weights.

    Args:
        param: The layer list.
        binary: The weights, in layer order.

    Raises:
        FileNotFoundError: One of the two is missing.
        CheckpointError: The layer list is not understood, or a layer or a weight format is not
            supported.
        TruncatedCheckpointError: The weights end too early or are too many.
    """
    for path in (Path(param), Path(binary)):
        if not path.is_file():
            raise FileNotFoundError(f"{path} not found: an ncnn model is a .param and a .bin file")
    model = NcnnModel(_parse_param(Path(param)))
    reader = _Reader(Path(binary))
    for layer in model.layers:
        if layer.kind == "MemoryData":
            count = int(np.prod([max(layer.integer(axis, 1), 1) for axis in (0, 1, 11, 2)]))
            model.arrays[f"{layer.name}.data"] = reader.float32(count)
        elif layer.kind == "Convolution":
            _read_convolution(layer, reader, model.arrays)
        elif layer.kind not in _WITHOUT_WEIGHTS:
            raise CheckpointError(
                f"{param}: ncnn layer {layer.kind} ({layer.name}) is not supported; "
                f"supported: Convolution, MemoryData, {', '.join(sorted(_WITHOUT_WEIGHTS))}"
            )
    reader.finish()
    return model


_WITHOUT_WEIGHTS = frozenset(
    {
        "BinaryOp",
        "Clip",
        "Concat",
        "Eltwise",
        "HardSigmoid",
        "Input",
        "Interp",
        "Noop",
        "PixelShuffle",
        "ReLU",
        "Sigmoid",
        "Split",
        "Swish",
        "UnaryOp",
    }
)


def _parse_param(path: Path) -> list[NcnnLayer]:
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    if lines[0].strip() != MAGIC:
        raise CheckpointError(
            f"{path} does not begin with {MAGIC}: it is not a text ncnn .param file"
        )
    try:
        expected = int(lines[1].split()[0])
        layers = [_parse_layer(line) for line in lines[2:] if line.strip()]
    except (IndexError, ValueError) as error:
        raise CheckpointError(f"{path} cannot be parsed as ncnn layers ({error})") from error
    if len(layers) != expected:
        raise TruncatedCheckpointError(
            f"{path} announces {expected} layers and has {len(layers)}: copy it again"
        )
    return layers


def _parse_layer(line: str) -> NcnnLayer:
    kind, name, inputs, outputs, *rest = line.split()
    pairs = rest[int(inputs) + int(outputs) :]
    options = dict(pair.split("=", 1) for pair in pairs)
    return NcnnLayer(kind, name, {int(key): value for key, value in options.items()})


def _read_convolution(layer: NcnnLayer, reader: _Reader, arrays: dict[str, Array]) -> None:
    outputs, width, total = layer.integer(0), layer.integer(1), layer.integer(6)
    height = layer.integer(11, width)
    per_input = outputs * width * height
    if not per_input or total % per_input:
        raise CheckpointError(
            f"ncnn layer {layer.name}: {total} weights do not fit {outputs} filters of "
            f"{height}x{width}"
        )
    weights = reader.tagged(total, layer.name)
    arrays[f"{layer.name}.weight"] = weights.reshape(outputs, -1, height, width)
    if layer.integer(5):
        arrays[f"{layer.name}.bias"] = reader.float32(outputs)


class _Reader:
    """Consumes a ``.bin`` file from front to back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.position = 0

    def take(self, length: int) -> bytes:
        chunk = self.data[self.position : self.position + length]
        if len(chunk) < length:
            raise TruncatedCheckpointError(
                f"{self.path} ({len(self.data):,} bytes) ends before its weights do: copy it again"
            )
        self.position += length
        return chunk

    def float32(self, count: int) -> Array:
        return np.frombuffer(self.take(count * 4), "<f4").astype(np.float32)

    def tagged(self, count: int, layer: str) -> Array:
        """Read weights that begin with a word naming their format."""
        tag = int.from_bytes(self.take(4), "little")
        if tag == FLOAT32_TAG:
            return self.float32(count)
        if tag == FLOAT16_TAG:
            padded = -(-count * 2 // 4) * 4
            return np.frombuffer(self.take(padded), "<f2")[:count].astype(np.float32)
        raise CheckpointError(
            f"{self.path}: weights of {layer} have format tag 0x{tag:08X}; "
            f"only float32 and float16 are supported, not int8"
        )

    def finish(self) -> None:
        left = len(self.data) - self.position
        if left:
            raise TruncatedCheckpointError(
                f"{self.path} has {left:,} bytes more than its .param file accounts for: "
                f"the two files do not belong together"
            )
