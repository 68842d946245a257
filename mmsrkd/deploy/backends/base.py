"""What every runtime has to offer, so that export, proof and latency know none of them by name."""

from __future__ import annotations

import importlib.util
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..errors import ExportError
from .executed import Int8Share, Layer, int8_share

PRECISIONS = ("fp32", "fp16", "int8")
READY = "ready"

#: Takes and gives a batch (N, C, H, W), float32, RGB in [0, 1].
Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True)
class Artefact:
    """What a runtime made of an ONNX file.

    Attributes:
        backend: Name of the runtime.
        precision: One of `PRECISIONS`.
        files: What is to be shipped, the file to open first.
        state: `READY`, or why the files cannot run yet.
        notes: What the user ought to know, a line each.
    """

    backend: str
    precision: str
    files: tuple[Path, ...]
    state: str = READY
    notes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether the files can be opened."""
        return self.state == READY

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.files)


class Backend(ABC):
    """A runtime.

    Attributes:
        name: As in ``--backend`` and in mmdeploy.
        suffixes: Of the files that `convert` writes.
        precisions: What it offers of `PRECISIONS`.
        refusals: For each other precision, the reason in a line.
        packages: Module and pip requirement of everything it needs.
        pip_install: How those are installed; mostly without what else they ask for, which is
            another OpenCV, another torch, or telemetry.
    """

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    precisions: ClassVar[tuple[str, ...]]
    refusals: ClassVar[dict[str, str]] = {}
    packages: ClassVar[dict[str, str]]
    pip_install: ClassVar[str] = "pip install --no-deps"

    def missing(self) -> str | None:
        """Say what is not installed and the line that installs it; None when nothing is."""
        absent = [module for module in self.packages if importlib.util.find_spec(module) is None]
        if not absent:
            return None
        wanted = " ".join(self.packages[module] for module in absent)
        return f"{self.name} needs the package {' and '.join(absent)}: {self.pip_install} {wanted}"

    def require(self) -> None:
        """Raise if the runtime is not installed.

        Raises:
            ExportError: Names the package and the pip line.
        """
        if reason := self.missing():
            raise ExportError(reason)

    def check_precision(self, precision: str) -> None:
        """Raise for a precision the runtime does not offer.

        Raises:
            ValueError: Names the precisions it does.
        """
        if precision not in self.precisions:
            reason = self.refusals.get(precision, "no such precision")
            raise ValueError(
                f"{self.name} offers no {precision} ({reason}); "
                f"choose {' or '.join(self.precisions)}"
            )

    @abstractmethod
    def convert(self, onnx_file: Path, precision: str, out: Path) -> Artefact:
        """Turn an ONNX file into the runtime's own.

        Args:
            onnx_file: Float, or with explicit Q/DQ for ``int8``.
            precision: One of :attr:`precisions`.
            out: Folder and stem of what is written; `suffixes` are appended.
        """

    @abstractmethod
    def open(self, artefact: Artefact, threads: int) -> Run:
        """Load the files, optimised as the runtime does by default, on so many CPU threads."""

    @abstractmethod
    def layers(self, artefact: Artefact) -> tuple[Layer, ...]:
        """List what the runtime executes after its optimisation; empty where it does not tell."""

    def int8_share(self, artefact: Artefact) -> Int8Share | None:
        """Count what really runs in int8; None where the runtime does not tell."""
        layers = self.layers(artefact)
        return int8_share(layers) if layers else None

    def left_in_float(self, artefact: Artefact) -> tuple[str, ...]:
        """Say so, in a line, where an int8 file does not run in int8."""
        share = self.int8_share(artefact) if artefact.precision == "int8" else None
        if share is None or share.int8_convolutions == share.convolutions:
            return ()
        return (
            f"{self.name} runs {share.int8_convolutions} of {share.convolutions} convolutions in "
            "int8, the others in float: layers that were left in float, or numbers of another "
            "runtime's preset (tools/quantize.py --preset)",
        )


def copy_file(source: Path, target: Path) -> None:
    """Copy a file, unless it is the same."""
    if source.resolve() != target.resolve():
        shutil.copyfile(source, target)


def with_suffix(out: Path, suffix: str) -> Path:
    """Append a suffix; ``Path.with_suffix`` would cut off what follows a dot in the stem."""
    return out.with_name(out.name + suffix)
