"""From a trained float network to a quantised one without training (PTQ)."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from mmsrkd import __version__
from mmsrkd.apis.calibration_pictures import calibration_pictures
from mmsrkd.checkpoints import load_network, require_float_weights
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.state import without_observers
from mmsrkd.models.distillation.main_image import main_image
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import student_config
from mmsrkd.quantization import (
    Cost,
    Track,
    balance_overrides,
    build_scheme,
    calibrate,
    compensate_weights,
    fine_overrides,
    quantize,
    quantizer_of,
    resolved,
    sensitivity,
    take_percentile,
    untracked,
)
from mmsrkd.registry import MODELS

#: Percentiles that are tried; on DIV2K, LGR-Net and RLFN want the first, SPAN the second.
PERCENTILES = (0.9999, 0.99999)
#: At most so many pictures they are compared on. By 8 the narrower range won for LGR-Net-T, by 32
#: the wider, without which Urban100 loses 0.1 dB.
COMPARED = 32
#: The pictures each rounding is tried alone on.
SENSED = 4
#: Inputs that cause this share of what rounding activations costs are worth two parts.
FINE_SHARE = 0.1
#: How weights are rounded: each by itself, or those of a layer together.
WEIGHT_ROUNDINGS = ("nearest", "gptq")


@dataclass(frozen=True)
class Quantised:
    """What was written, and how near it is.

    Attributes:
        path: The network file; `mmsrkd.checkpoints.load_network` and every tool read it.
        generator: Config of the quantised network, also inside the file.
        pictures: How many were shown.
        agreement_db: PSNR between float and quantised output over those pictures, clipped to
            [0, 1]; a first look, no substitute for a test on other pictures.
        rounded: How many weights and activations are rounded.
        in_float: Layers left in float.
        balanced: Convolutions whose input channels were evened out.
        uneven: Those that might gain by it, and were not.
        weight_rounding: How weights were rounded, one of `WEIGHT_ROUNDINGS`.
        fine: Convolutions that take their input in two parts.
        costs: What each rounding costs alone, weights to the nearest; if it was asked for.
    """

    path: Path
    generator: dict[str, Any]
    pictures: int
    agreement_db: float
    rounded: int
    in_float: tuple[str, ...]
    balanced: tuple[str, ...]
    uneven: tuple[str, ...]
    weight_rounding: str
    fine: tuple[str, ...]
    costs: tuple[Cost, ...]


def quantize_checkpoint(
    config: Config,
    checkpoint: str,
    out: str | os.PathLike[str],
    scheme: Mapping[str, Any],
    *,
    folder: str | os.PathLike[str] | None = None,
    as_is: bool = False,
    limit: int = 32,
    size: int = 256,
    balance: bool = False,
    fine_share: float | None = None,
    costs: bool = False,
    percentiles: Sequence[float] = PERCENTILES,
    weight_rounding: str = "gptq",
    track: Track = untracked,
) -> Quantised:
    """Quantise the network of a config with ranges from pictures, and write it.

    Args:
        config: Training or test config; of a distilling one the student is meant.
        checkpoint: Float weights, in any form that is read.
        out: ``.safetensors`` or ``.pth`` file.
        scheme: Arguments of `build_scheme`.
        folder: HR pictures, from which LR ones are made as for training; None for those of
            scikit-image that the demo trains on.
        as_is: The pictures are fed as they are.
        limit: At most so many pictures, evenly spread over the folder.
        size: Of a larger LR picture only the middle of so many pixels each way is shown.
        balance: Even out the channels that enter the convolutions of
            `mmsrkd.quantization.uneven_convolutions`, beside those the scheme names; the overrides
            in the file's scheme say where.
        fine_share: Convolutions take their input in two parts where its rounding causes this share
            or more of what rounding activations costs; None for none beside the scheme's.
        costs: Also find what each rounding costs by itself.
        percentiles: For the calibration ``percentile``, unless the scheme says which: the one is
            taken whose output is nearest to the float network's on the first pictures.
        weight_rounding: One of `WEIGHT_ROUNDINGS`; ``gptq`` as in `compensate_weights`, where that
            brings the output nearer to the float network's on the first pictures.
        track: Shows progress.

    Raises:
        MissingDataError: If the folder has no picture.
        ValueError: If all pictures are of one value, a pattern of the scheme fits nothing, or there
            is no such rounding.
        CheckpointError: If the weights are unusable, quantised already, or of another network.
    """
    if weight_rounding not in WEIGHT_ROUNDINGS:
        raise ValueError(
            f"weights are rounded by {' or '.join(WEIGHT_ROUNDINGS)}, got {weight_rounding!r}"
        )
    if fine_share and build_scheme(**dict(scheme)).layout == "ort":
        raise ValueError(
            "inputs in two parts are not for layout 'ort', which rounds both results: take another "
            "preset, such as openvino, or leave fine inputs out"
        )
    # plain dictionaries: a file with mmengine's own would be refused as unsafe
    generator = student_config(config.model.to_dict())["generator"]
    generator.pop("init_cfg", None)
    require_float_weights(checkpoint)
    reference, quantised = (_loaded(_built(config, generator), checkpoint) for _ in range(2))
    pictures = list(calibration_pictures(reference, folder, as_is, limit, size))
    uneven = balance_overrides(build_scheme(**dict(scheme)), reference, pictures)
    if balance:
        scheme = {**scheme, "overrides": [*scheme.get("overrides", ()), *uneven]}
    asked = scheme
    scheme = _calibrated(quantised, asked, reference, pictures, percentiles, track)
    found = _costs(reference, quantised, pictures, track) if costs or fine_share else []
    if fine_share and (
        more := fine_overrides(build_scheme(**scheme), quantised, found, fine_share)
    ):
        # another percentile may be the best now
        scheme = {**asked, "overrides": [*asked.get("overrides", ()), *more]}
        quantised = _loaded(_built(config, generator), checkpoint)
        scheme = _calibrated(quantised, scheme, reference, pictures, percentiles, track)
        found = _costs(reference, quantised, pictures, track) if costs else []
    if weight_rounding == "gptq" and not _compensated(reference, quantised, pictures, track):
        weight_rounding = "nearest"
    built = resolved({"type": "Quantized", "network": generator, "scheme": scheme})
    path = _write(Path(out), quantised, built, checkpoint)
    quantizer = quantizer_of(quantised)
    return Quantised(
        path,
        built,
        len(pictures),
        _agreement(reference, quantised, track(pictures, "comparing")),
        len(quantizer.plan.spots),
        tuple(quantizer.plan.unrounded),
        tuple(quantizer.plan.balanced),
        () if balance else tuple(override["pattern"] for override in uneven),
        weight_rounding,
        tuple(quantizer.plan.fine),
        tuple(found if costs else ()),
    )


def _built(config: Config, generator: Mapping[str, Any]) -> nn.Module:
    with DefaultScope.overwrite_default_scope(config.get("default_scope", "mmsrkd")):
        network: nn.Module = MODELS.build(dict(generator))
    return network


def _calibrated(
    network: nn.Module,
    scheme: Mapping[str, Any],
    reference: nn.Module,
    pictures: Sequence[Tensor],
    percentiles: Sequence[float],
    track: Track,
) -> Mapping[str, Any]:
    """Quantise and find ranges; returns the scheme with the percentile that was taken."""
    quantize(network, build_scheme(**scheme))
    calibrate(network, pictures, track)
    if scheme.get("calibration") != "percentile" or "percentile" in scheme:
        return scheme
    tried = track(percentiles, "trying percentiles")
    best = _best_percentile(reference, network, pictures[:COMPARED], tried)
    return {**scheme, "percentile": best}


def _costs(
    reference: nn.Module, network: nn.Module, pictures: Sequence[Tensor], track: Track
) -> list[Cost]:
    few = pictures[:SENSED]
    return sensitivity(network, lambda: _error(reference, network, few), track)


def _best_percentile(
    reference: nn.Module, network: nn.Module, pictures: Sequence[Tensor], shares: Iterable[float]
) -> float:
    """Take over the best of several percentiles, and return it; the first wins a draw."""

    def agreement(share: float) -> float:
        take_percentile(network, share)
        return _agreement(reference, network, pictures)

    best = max(shares, key=agreement)
    take_percentile(network, best)
    return best


def _compensated(
    reference: nn.Module, network: nn.Module, pictures: Sequence[Tensor], track: Track
) -> bool:
    """Round weights together; they are put back where that leads away from the float network."""
    before = {name: value.clone() for name, value in network.named_parameters()}
    nearest = _agreement(reference, network, pictures[:COMPARED])
    compensate_weights(network, pictures, track)
    if _agreement(reference, network, pictures[:COMPARED]) > nearest:
        return True
    network.load_state_dict(before, strict=False)
    return False


def _loaded(network: nn.Module, checkpoint: str) -> nn.Module:
    return load_network(switch_to_deploy(network), checkpoint).eval()


def _write(path: Path, network: nn.Module, generator: dict[str, Any], origin: str) -> Path:
    state = without_observers(network.state_dict())
    facts = {"quantised_from": Path(origin).name, "mmsrkd": __version__}
    return write_network(path, state, network_metadata(generator, state, facts))


def _agreement(reference: nn.Module, network: nn.Module, pictures: Iterable[Tensor]) -> float:
    """PSNR between both, in dB."""
    return -10 * math.log10(max(_error(reference, network, pictures), 1e-12))


@torch.no_grad()
def _error(reference: nn.Module, network: nn.Module, pictures: Iterable[Tensor]) -> float:
    """Mean squared difference of what both give, clipped to [0, 1]."""

    def picture(source: nn.Module, x: Tensor) -> Tensor:
        return main_image(source(x)).clamp(0, 1)

    errors = [(picture(network, x) - picture(reference, x)).square().mean() for x in pictures]
    return float(torch.stack(errors).mean())
