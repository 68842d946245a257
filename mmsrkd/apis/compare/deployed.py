"""What a suite does with a trained network: quantise it, and measure it in its runtime."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from mmsrkd.apis.provenance import provenance
from mmsrkd.apis.quantize import quantize_checkpoint


def quantised(
    config: Config,
    checkpoint: str,
    scheme: Mapping[str, Any],
    folder: Path,
    *,
    reuse: bool = False,
) -> str:
    """Quantise without training (PTQ); returns the file of the quantised network.

    Args:
        config: Of the run.
        checkpoint: Its trained weights.
        scheme: Arguments of `mmsrkd.quantization.build_scheme`; ``images``, the folder of HR
            pictures to find ranges with (by default scikit-image's); ``balance`` and
            ``weight_rounding``, as for `quantize_checkpoint`, but ``nearest`` unless it is said.
        folder: To write to.
        reuse: Keep a file that is there.
    """
    numbers = dict(scheme)
    images, balance = numbers.pop("images", None), numbers.pop("balance", False)
    rounding = numbers.pop("weight_rounding", "nearest")
    out = folder / "ptq" / f"{Path(checkpoint).stem}.safetensors"
    if reuse and out.is_file():
        return str(out)
    made = quantize_checkpoint(
        config.copy(),
        checkpoint,
        out,
        numbers,
        folder=images,
        balance=balance,
        weight_rounding=rounding,
    )
    return str(made.path)


def exported(
    config: Config,
    checkpoint: str,
    wanted: Mapping[str, Any],
    folder: Path,
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Export and prove the network; returns what a result keeps of it.

    Args:
        config: Of the run.
        checkpoint: Its weights, quantised for ``precision="int8"``.
        wanted: Arguments of `mmsrkd.deploy.export`, where ``backend`` may name several, and
            ``sets``, folders of HR images by name: what the runtime gives is compared with PyTorch
            on each.
        folder: To write to.
        before: What an earlier call returned. Files that came out equal to its are not proven on
            all sets again.

    Returns:
        Origin as ``deploy/meta/<key>``, ``deploy/<backend>/<key>`` for figures of the export,
        ``deploy/<backend>/<label>/<key>`` for what was timed with it in turns, and
        ``deploy/<backend>/<set>/change_dB`` for PSNR in the runtime less that in PyTorch.
    """
    arguments = dict(wanted)
    backends = arguments.pop("backend", "onnxruntime")
    found = {f"deploy/{key}": value for key, value in provenance().items()}
    for backend in [backends] if isinstance(backends, str) else backends:
        given = {**arguments, "backend": backend}
        start = f"deploy/{backend}/"
        known = {k.removeprefix(start): v for k, v in (before or {}).items() if k.startswith(start)}
        measured = _in_one(config, checkpoint, given, folder / "export" / backend, known)
        found |= {f"{start}{key}": value for key, value in measured.items()}
    return found


def _in_one(
    config: Config,
    checkpoint: str,
    arguments: dict[str, Any],
    folder: Path,
    known: Mapping[str, Any],
) -> dict[str, Any]:
    from mmsrkd.apis.export_report import figures
    from mmsrkd.deploy import export, prove_files

    sets = arguments.pop("sets", {"images": arguments.get("images")})
    (first, images), *others = sets.items()
    settings = {**arguments, "images": images, "side_by_side": True}
    made = export(config.copy(), checkpoint, folder, **settings)
    found = figures(made)
    found[f"{first}/change_dB"] = found["proof/change_dB"]
    limit = {key: arguments[key] for key in ("budget_db",) if key in arguments}
    for name, images in others:
        if known.get("export/sha256") == made.sha256 and f"{name}/change_dB" in known:
            found[f"{name}/change_dB"] = known[f"{name}/change_dB"]
            continue
        proof = prove_files(made, config.copy(), checkpoint, images, **limit)
        found[f"{name}/change_dB"] = proof.change_db
    return found
