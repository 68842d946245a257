"""What an export measured, as text and as figures."""

from __future__ import annotations

import math
from typing import Any

from mmsrkd.apis.tables import markdown_table
from mmsrkd.deploy import ExportResult, Int8Share, Proof, Row


def summary(result: ExportResult) -> str:
    """Lay out both checks, the comparison and the files."""
    parts = [_drawn(result)]
    if result.proof is not None:
        parts.append(_proof(result.proof, result.scale))
    if result.rows:
        parts.append(_side_by_side(result))
    parts.extend(f"note: {note}" for note in result.notes)
    parts.append(_files(result))
    return "\n\n".join(parts)


def figures(result: ExportResult) -> dict[str, Any]:
    """Return the figures under flat keys; a PSNR of identical outputs is null."""
    flat: dict[str, Any] = {
        "export/file": result.path.name,
        "export/files": [path.name for path in result.artefact.files],
        "export/backend": result.artefact.backend,
        "export/precision": result.artefact.precision,
        "export/state": result.artefact.state,
        "export/notes": list(result.notes),
        "export/bytes": result.artefact.size,
        "export/sha256": result.sha256,
        **{f"export/sha256/{name}": digest for name, digest in result.hashes.items()},
        "export/seconds": result.seconds,
        "export/scale": result.scale,
        "parity/max_abs_error": result.max_abs_error,
        "parity/psnr": _finite(result.psnr),
        "parity/tolerance": result.tolerance,
    }
    for entry in result.parity:
        flat[f"parity/{entry.size}/max_abs_error"] = entry.max_abs_error
        flat[f"parity/{entry.size}/psnr"] = _finite(entry.psnr)
    flat |= {f"operators/{kind}": count for kind, count in result.operators.items()}
    if result.proof is not None:
        flat |= _proof_figures(result.proof)
    if result.rows:
        flat["latency/shape"] = list(result.latency_shape)
        flat["latency/threads"] = result.latency_threads
    for row in result.rows:
        flat |= {f"{row.label}/{key}": value for key, value in _row_figures(row).items()}
    return flat


def _drawn(result: ExportResult) -> str:
    rows = [
        ["x".join(map(str, entry.shape)), f"{entry.max_abs_error:.2e}", _db(entry.psnr)]
        for entry in result.parity
    ]
    return markdown_table(["drawn picture", "max abs error", "PSNR between both (dB)"], rows)


def _proof(proof: Proof, scale: int) -> str:
    return (
        f"{len(proof.images)} image(s) ({', '.join(proof.images[:5])}"
        f"{', ...' if len(proof.images) > 5 else ''}), PSNR_Y against HR with a border of {scale}: "
        f"PyTorch {proof.psnr_reference:.4f} dB, the file {proof.psnr_runtime:.4f} dB "
        f"({proof.change_db:+.4f}); both differ by {proof.max_abs:.1e} at most, "
        f"{_db(proof.psnr_between)} dB between them"
    )


def _side_by_side(result: ExportResult) -> str:
    shape = "x".join(map(str, result.latency_shape))
    head = ["", "bytes", "PSNR_Y", "to PyTorch (dB)", "ms (median)", "ms (min)", "times as fast"]
    rows = [_cells(row) for row in result.rows]
    table = markdown_table([*head, "convolutions in int8", "operators in int8"], rows)
    return f"{table}\ntimed in turns on {shape}, {result.latency_threads} thread(s)"


def _cells(row: Row) -> list[str]:
    share = row.int8
    return [
        row.label,
        "-" if row.size is None else f"{row.size:,}",
        _db(row.psnr, 3),
        "-" if row.psnr_between is None else _db(row.psnr_between),
        f"{row.median_ms:.1f}",
        f"{row.min_ms:.1f}",
        f"{row.ratio:.2f}",
        "-" if share is None else f"{share.int8_convolutions} of {share.convolutions}",
        "-" if share is None else f"{share.int8_operators} of {share.operators}",
    ]


def _files(result: ExportResult) -> str:
    lines = [
        f"{path}  {path.stat().st_size:,} bytes  sha256 {result.hashes[path.name]}"
        for path in result.artefact.files
    ]
    if not result.artefact.ready:
        lines.append(result.artefact.state)
    return "\n".join([*lines, f"{result.seconds:.1f} s"])


def _proof_figures(proof: Proof) -> dict[str, Any]:
    return {
        "proof/images": list(proof.images),
        "proof/PSNR_Y_pytorch": _finite(proof.psnr_reference),
        "proof/PSNR_Y_runtime": _finite(proof.psnr_runtime),
        "proof/change_dB": proof.change_db,
        "proof/psnr_between": _finite(proof.psnr_between),
        "proof/max_abs": proof.max_abs,
    }


def _row_figures(row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {
        "bytes": row.size,
        "PSNR_Y": _finite(row.psnr),
        "psnr_between": None if row.psnr_between is None else _finite(row.psnr_between),
        "median_ms": row.median_ms,
        "min_ms": row.min_ms,
        "times_as_fast": row.ratio,
    }
    return flat if row.int8 is None else flat | _share_figures(row.int8)


def _share_figures(share: Int8Share) -> dict[str, Any]:
    return {
        "operators": share.operators,
        "int8_operators": share.int8_operators,
        "convolutions": share.convolutions,
        "int8_convolutions": share.int8_convolutions,
        "not_int8": share.others,
    }


def _db(value: float, digits: int = 1) -> str:
    return "same" if value == math.inf else f"{value:.{digits}f}"


def _finite(value: float) -> float | None:
    """Return None for infinity, which JSON does not know."""
    return value if math.isfinite(value) else None
