"""From a trained float network to a quantised one without training (PTQ)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from torch import Tensor, nn

from mmsrkd import __version__
from mmsrkd.checkpoints import load_network
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.state import without_observers
from mmsrkd.datasets.folders import require_folder
from mmsrkd.datasets.resize import matlab_resize, modcrop
from mmsrkd.datasets.sample_images import TRAIN, sample_image_folder
from mmsrkd.datasets.transforms.loading import LoadCheckedImage
from mmsrkd.models.distillation.main_image import main_image
from mmsrkd.models.networks.reparam import switch_to_deploy
from mmsrkd.models.restorers.student import student_config
from mmsrkd.quantization import (
    Override,
    Track,
    build_scheme,
    calibrate,
    compensate_weights,
    quantize,
    quantizer_of,
    resolved,
    take_percentile,
    uneven_convolutions,
    untracked,
)
from mmsrkd.registry import MODELS

#: Percentiles that are tried; on DIV2K, LGR-Net and RLFN want the first, SPAN the second.
PERCENTILES = (0.9999, 0.99999)
#: The pictures they are compared on.
COMPARED = 8
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
        percentiles: For the calibration ``percentile``, unless the scheme says which: the one is
            taken whose output is nearest to the float network's on the first pictures.
        weight_rounding: One of `WEIGHT_ROUNDINGS`; ``gptq`` as in `compensate_weights`, where that
            brings the output nearer to the float network's on the first pictures.
        track: Shows progress.

    Raises:
        MissingDataError: If the folder has no picture.
        ValueError: If all pictures are of one value, a pattern of the scheme fits nothing, or there
            is no such rounding.
        CheckpointError: If the weights are unusable or of another network.
    """
    if weight_rounding not in WEIGHT_ROUNDINGS:
        raise ValueError(
            f"weights are rounded by {' or '.join(WEIGHT_ROUNDINGS)}, got {weight_rounding!r}"
        )
    # plain dictionaries: a file with mmengine's own would be refused as unsafe
    generator = student_config(config.model.to_dict())["generator"]
    generator.pop("init_cfg", None)
    with DefaultScope.overwrite_default_scope(config.get("default_scope", "mmsrkd")):
        network: nn.Module = MODELS.build(dict(generator))
        reference = _loaded(network, checkpoint)
        quantised = _loaded(MODELS.build(dict(generator)), checkpoint)
    pictures = list(calibration_pictures(reference, folder, as_is, limit, size))
    uneven = _uneven(scheme, reference, pictures)
    if balance:
        scheme = {**scheme, "overrides": [*scheme.get("overrides", ()), *uneven]}
    quantize(quantised, build_scheme(**scheme))
    calibrate(quantised, pictures, track)
    if scheme.get("calibration") == "percentile" and "percentile" not in scheme:
        tried = track(percentiles, "trying percentiles")
        best = _best_percentile(reference, quantised, pictures[:COMPARED], tried)
        scheme = {**scheme, "percentile": best}
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
    )


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


def _uneven(
    scheme: Mapping[str, Any], network: nn.Module, pictures: Sequence[Tensor]
) -> list[dict[str, Any]]:
    """Return overrides that balance the uneven convolutions, beside what the scheme says of them.

    Those it balances itself, or leaves in float, are not among them.
    """
    said = build_scheme(**dict(scheme))
    found = []
    for path in uneven_convolutions(network, pictures):
        given = said.exception(path) or Override(path)
        if given.precision == "int" and not given.balance:
            found.append(asdict(replace(given, pattern=path, balance=True)))
    return found


def _loaded(network: nn.Module, checkpoint: str) -> nn.Module:
    return load_network(switch_to_deploy(network), checkpoint).eval()


def _write(path: Path, network: nn.Module, generator: dict[str, Any], origin: str) -> Path:
    state = without_observers(network.state_dict())
    facts = {"quantised_from": Path(origin).name, "mmsrkd": __version__}
    return write_network(path, state, network_metadata(generator, state, facts))


def calibration_pictures(
    network: nn.Module,
    folder: str | os.PathLike[str] | None,
    as_is: bool,
    limit: int,
    size: int,
) -> Iterator[Tensor]:
    """Yield (1, 3, H, W) pictures in [0, 1] of at most ``size`` x ``size``."""
    if folder is None:
        files: Sequence[Path] = [sample_image_folder() / name for name in TRAIN]
    else:
        what = "the pictures to calibrate with"
        files = require_folder(Path(folder), what, fix="name one that has some with --calib")
    if limit < 1:
        raise ValueError(f"--limit must be 1 or more pictures, got {limit}")
    scale = 1 if as_is else _scale_of(network)
    step = max(1, len(files) // limit)
    for path in list(files)[::step][:limit]:
        image = LoadCheckedImage(key="gt").transform({"gt_path": str(path)})["gt"]
        if min(image.shape[:2]) < scale:
            height, width = image.shape[:2]
            raise ValueError(
                f"{path} has {width}x{height} pixels, too few to reduce by {scale}: leave it out "
                "of the folder, or feed the pictures as they are with --as-is"
            )
        lr = matlab_resize(_middle(modcrop(image, scale), size * scale), 1 / scale)
        yield torch.from_numpy(lr.transpose(2, 0, 1)[None].astype(np.float32) / 255)


def _middle(image: Any, size: int) -> Any:
    top, left = (max(0, (side - size) // 2) for side in image.shape[:2])
    return image[top : top + size, left : left + size]


@torch.no_grad()
def _scale_of(network: nn.Module) -> int:
    side = 32
    return int(main_image(network(torch.zeros(1, 3, side, side))).shape[-1] // side)


@torch.no_grad()
def _agreement(reference: nn.Module, network: nn.Module, pictures: Iterable[Tensor]) -> float:
    def picture(source: nn.Module, x: Tensor) -> Tensor:
        return main_image(source(x)).clamp(0, 1)

    errors = [(picture(network, x) - picture(reference, x)).square().mean() for x in pictures]
    return float(-10 * torch.stack(errors).mean().clamp(min=1e-12).log10())
