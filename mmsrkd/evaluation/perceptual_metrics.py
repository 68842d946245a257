"""LPIPS and NIQE as metrics of a run: optional, for perceptual quality; lower is better."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mmsrkd.evaluation.functional import _comparable
from mmsrkd.evaluation.restoration_metrics import RestorationMetric
from mmsrkd.registry import METRICS

__all__ = ["RestorationLPIPS", "RestorationNIQE"]

#: File names of torchvision's weights, which lpips builds on.
BACKBONES = {"alex": "alexnet-owt-7be5be79.pth", "vgg": "vgg16-397923af.pth"}
_BLOCK = 96


@METRICS.register_module()
class RestorationNIQE(RestorationMetric):
    """Naturalness of the output alone, mmagic's NIQE with the authors' parameters (``NIQE_Y``).

    Lower is better. Blocks of 96x96 pixels on Y rounded to whole values, as the authors' code.

    Args:
        **common: Arguments of :class:`RestorationMetric` but ``convert_to`` and ``luma_rounding``.
    """

    quantity = "NIQE"

    def __init__(self, **common: Any) -> None:
        super().__init__(convert_to="Y", **common)

    @staticmethod
    def measure(first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int) -> float:
        """NIQE of ``second``, an HxW image with values 0..255; ``first`` gives the size only.

        Raises:
            ValueError: If less than two blocks of 96x96 fit.
        """
        from mmagic.evaluation.metrics.niqe import niqe

        _, image = _comparable(first, second, crop_border, smallest=1)
        height, width = image.shape[:2]
        if (height // _BLOCK) * (width // _BLOCK) < 2:
            raise ValueError(
                f"NIQE needs two blocks of {_BLOCK}x{_BLOCK} pixels and {height}x{width} are left "
                f"after cutting {crop_border} along each edge; leave this metric out of test sets "
                "with so small images"
            )
        return float(niqe(image, crop_border=0, input_order="HW"))


@METRICS.register_module()
class RestorationLPIPS(RestorationMetric):
    """Learned perceptual distance to the HR image by the package lpips (``LPIPS_alex``).

    Lower is better. On RGB, output rounded to whole values, borders cut as for PSNR. The package
    (``pip install lpips==0.1.4 --no-deps``) has the weights of its own layers, not those of the
    network below, which it would download.

    Args:
        backbone_weights: Folder or file with torchvision's weights, see `BACKBONES`.
        net: ``alex``, which papers report, or ``vgg``.
        **common: Arguments of :class:`RestorationMetric` but ``convert_to`` and ``luma_rounding``.

    Raises:
        FileNotFoundError: There are no such weights.
        ModuleNotFoundError: lpips is not installed.
    """

    def __init__(
        self, backbone_weights: str = "checkpoints", net: str = "alex", **common: Any
    ) -> None:
        if net not in BACKBONES:
            raise ValueError(f"net must be one of {', '.join(BACKBONES)}, got {net!r}")
        self.quantity = "LPIPS"
        self._network = _lpips(Path(backbone_weights).expanduser(), net)
        super().__init__(convert_to=None, **common)
        self.metric = f"LPIPS_{net}{self._deviations()}"

    def measure(  # type: ignore[override]
        self, first: NDArray[np.generic], second: NDArray[np.generic], crop_border: int
    ) -> float:
        """LPIPS of two HxWx3 images, RGB, values 0..255."""
        images = _comparable(first, second, crop_border, smallest=32)
        tensors = [
            torch.from_numpy(im.transpose(2, 0, 1).copy()).float()[None] / 127.5 - 1
            for im in images
        ]
        with torch.no_grad():
            return float(self._network(*tensors))

    def _prepare(
        self, image: NDArray[np.generic] | torch.Tensor, channel_order: str, grey: bool
    ) -> NDArray[np.float64]:
        values = super()._prepare(image, channel_order, grey)
        if values.shape[2] == 1:
            return values.repeat(3, axis=2)
        return values[..., ::-1] if channel_order == "BGR" else values


def _lpips(weights: Path, net: str) -> torch.nn.Module:
    """The package's network with backbone weights from a local file."""
    path = weights / BACKBONES[net] if weights.is_dir() else weights
    if not path.is_file():
        raise FileNotFoundError(
            f"RestorationLPIPS: there is no {path}; put torchvision's {BACKBONES[net]} there "
            "(https://download.pytorch.org/models) or name its folder as backbone_weights"
        )
    try:
        lpips = importlib.import_module("lpips")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"RestorationLPIPS needs the package lpips ({error}): "
            "pip install lpips==0.1.4 --no-deps",
            name=error.name,
        ) from None
    from mmsrkd.checkpoints import read_checkpoint

    with torch.random.fork_rng(devices=[]):
        network: torch.nn.Module = lpips.LPIPS(net=net, pnet_rand=True, verbose=False)
    state = read_checkpoint(path)
    slices = {  # slice2.3.weight <- features.3.weight
        name: state[f"features.{name.split('.', 1)[1]}"]
        for name in network.net.state_dict()  # type: ignore[union-attr]
    }
    network.net.load_state_dict(slices)  # type: ignore[union-attr]
    return network.eval().requires_grad_(False)
