"""What an export leaves behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from .backends import Artefact, Int8Share
from .parity import Parity
from .proof import Proof


@dataclass(frozen=True)
class Row:
    """One contestant beside the others.

    Attributes:
        label: Runtime and precision.
        size: Bytes of its files; None for PyTorch.
        psnr: Against HR in dB.
        psnr_between: Against PyTorch in dB, the lowest of all images; None for PyTorch itself.
        median_ms: Latency.
        min_ms: Shortest latency.
        ratio: How many times as fast as PyTorch.
        int8: What runs in int8; None where the runtime does not tell.
    """

    label: str
    size: int | None
    psnr: float
    psnr_between: float | None
    median_ms: float
    min_ms: float
    ratio: float
    int8: Int8Share | None


@dataclass(frozen=True)
class ExportResult:
    """Files that passed their check.

    Attributes:
        path: The file to open first.
        sha256: Of that file.
        hashes: sha256 of every file, by its name.
        scale: Output size over input size.
        parity: One entry for each drawn picture the ONNX file, or the runtime's own for fp32, was
            checked on.
        tolerance: What they were checked against; None for int8, which the budget judges.
        seconds: Whole export, check included.
        artefact: Runtime, precision, files, state and notes.
        operators: How often each ONNX operator occurs.
        proof: Measured on real images; None where the files cannot run here.
        rows: PyTorch and every precision that was compared, side by side.
        latency_shape: Input of the latencies.
        latency_threads: Threads of every contestant.
        notes: What the user ought to know, a line each.
    """

    path: Path
    sha256: str
    scale: int
    parity: tuple[Parity, ...]
    tolerance: float | None
    seconds: float
    artefact: Artefact
    hashes: dict[str, str] = field(default_factory=dict)
    operators: dict[str, int] = field(default_factory=dict)
    proof: Proof | None = None
    rows: tuple[Row, ...] = ()
    latency_shape: tuple[int, ...] = ()
    latency_threads: int = 0
    notes: tuple[str, ...] = ()

    @property
    def max_abs_error(self) -> float:
        """Largest absolute difference to PyTorch over all drawn pictures."""
        return max(entry.max_abs_error for entry in self.parity)

    @property
    def psnr(self) -> float:
        """Lowest PSNR between both outputs over all drawn pictures, in dB."""
        return min(entry.psnr for entry in self.parity)

    @property
    def sizes(self) -> tuple[str, ...]:
        """``HxW`` of the drawn pictures."""
        return tuple(entry.size for entry in self.parity)
