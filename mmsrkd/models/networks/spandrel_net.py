from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.models.networks.checks import check_image
from mmsrkd.registry import MODELS


@MODELS.register_module()
class SpandrelNet(nn.Module):
    """A super-resolution network of the package spandrel, recognised from its weight file.

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), or luminance where the model
    takes one channel; any H and W: what the model asks for at least, or multiples of, is reached by
    reflecting, and cropped from the output. Made for teachers and comparisons with the many
    architectures spandrel 0.4.2 knows (HAT, DAT, SwinIR, ESRGAN, PLKSR, OmniSR, ...)::

        teachers=dict(teacher=dict(generator=dict(type="SpandrelNet", path="hat_x2.pth")))

    The weights come with the file, so there is no checkpoint to load besides, and a published
    student cannot hold one. The file is read without running anything in it, like every checkpoint
    here; spandrel's own reader is not used. Unlike spandrel's call, forward takes batches, clips
    nothing and allows gradients. It is no network for export: many of the architectures neither
    script nor trace.

    spandrel is optional: ``pip install spandrel==0.4.2 --no-deps`` (with dependencies it would
    install its choice of torchvision; it works with one whose compiled operators do not load).

    Tap points: the model's own modules, under ``network.``.

    Args:
        path: The weight file, ``.pth`` or ``.safetensors``.
        scale: The scale expected; whatever the file has if not given.

    Raises:
        ModuleNotFoundError: spandrel is not installed.
        FileNotFoundError: There is no such file.
        ValueError: spandrel does not know the architecture, it is no plain super-resolution
            network, or its scale is another.
    """

    def __init__(self, path: str | os.PathLike[str], scale: int | None = None) -> None:
        super().__init__()
        #: Where the weights come from, for those who want a checkpoint of every network.
        self.weights_file = Path(path).expanduser()
        descriptor = _read(self.weights_file)
        if scale is not None and scale != descriptor.scale:
            raise ValueError(
                f"SpandrelNet: {os.fspath(path)} is x{descriptor.scale}, not x{scale}: take another"
                " file or leave scale out"
            )
        self.scale = int(descriptor.scale)
        self.in_channels = int(descriptor.input_channels)
        self.architecture = str(descriptor.architecture.name)
        self.network: nn.Module = descriptor.model
        needs = descriptor.size_requirements
        self._padding: Callable[[int, int], tuple[int, int]] = needs.get_padding
        # How spandrel calls a model that returns more than an image, or in another range.
        self._call: Callable[[nn.Module, Tensor], Tensor] = descriptor._call_fn

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale images (N, C, H, W) to (N, C, rH, rW)."""
        check_image("SpandrelNet", x, self.in_channels)
        height, width = x.shape[2], x.shape[3]
        right, bottom = self._padding(width, height)
        out = self._call(self.network, _pad(x, right, bottom))
        return out[:, :, : height * self.scale, : width * self.scale]

    def extra_repr(self) -> str:
        """Name of the architecture, for printing."""
        return f"{self.architecture}, x{self.scale}"


def _read(path: Path) -> Any:
    """Return spandrel's descriptor of a file that holds a plain super-resolution network."""
    try:
        spandrel = importlib.import_module("spandrel")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"SpandrelNet needs the package spandrel ({error}): "
            "pip install spandrel==0.4.2 --no-deps",
            name=error.name,
        ) from None
    # The one network that reads a file; imported here, so that the others stay clear of it.
    from mmsrkd.checkpoints.safe_load import read_checkpoint

    try:
        state = spandrel.canonicalize_state_dict(read_checkpoint(path))
        descriptor = spandrel.MAIN_REGISTRY.load(state)
    except spandrel.UnsupportedModelError:
        raise ValueError(
            f"SpandrelNet: spandrel {spandrel.__version__} knows no architecture for {path}: if it "
            "is of a family known here, tools/convert_checkpoint.py converts it"
        ) from None
    channels = (descriptor.input_channels, descriptor.output_channels)
    if descriptor.purpose != "SR" or channels not in ((1, 1), (3, 3)):
        raise ValueError(
            f"SpandrelNet takes networks for super-resolution of 1 or 3 channels, and {path} is "
            f"{descriptor.architecture.name} for {descriptor.purpose} ({channels[0]} to "
            f"{channels[1]} channels, x{descriptor.scale})"
        )
    return descriptor


def _pad(x: Tensor, right: int, bottom: int) -> Tensor:
    """Reflect as far as the image goes, then repeat its edge."""
    across, down = min(right, x.shape[3] - 1), min(bottom, x.shape[2] - 1)
    x = F.pad(x, (0, across, 0, down), mode="reflect")
    return F.pad(x, (0, right - across, 0, bottom - down), mode="replicate")
