"""A network over an image that is too large for one go, with no seams."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_PROBE_SIZES = (49, 97, 193)
_PROBES = 2


@dataclass(frozen=True)
class Tile:
    """One tile along both axes, in LR pixels: what is kept, and what the network has to see for it.

    Attributes:
        core: (top, bottom, left, right) of the part whose output is kept.
        seen: The same of the part that is fed in, the core with its margin as far as the image
            goes.
    """

    core: tuple[int, int, int, int]
    seen: tuple[int, int, int, int]


def receptive_radius(network: nn.Module) -> int:
    """How far, in LR pixels, an output pixel looks, found by asking for gradients.

    The output pixels over the middle of random images are differentiated by the input; the farthest
    input pixel with a gradient is the answer. Double precision keeps faint paths from vanishing.

    Args:
        network: (1, C, H, W) -> (1, C, rH, rW), on any device; it is left as it is.

    Raises:
        ValueError: The network looks farther than the largest probe, as one with global attention
            does: it cannot be tiled without seams.
    """
    probe = copy.deepcopy(network).cpu().double().eval().requires_grad_(False)
    channels = getattr(network, "in_channels", 3)
    generator = torch.Generator().manual_seed(0)
    for size in _PROBE_SIZES:
        shape = (1, channels, size, size)
        images = [torch.rand(shape, generator=generator).double() for _ in range(_PROBES)]
        radius = max(_reach(probe, image) for image in images)
        if radius < size // 2:
            return radius
    raise ValueError(
        f"{type(network).__name__} looks farther than {_PROBE_SIZES[-1] // 2} pixels, so tiles "
        "would show seams; use --tile 0 to feed each image whole"
    )


def _reach(network: nn.Module, image: Tensor) -> int:
    size = image.shape[-1]
    middle = size // 2
    with torch.enable_grad():
        image = image.requires_grad_()
        out = network(image)
        scale = out.shape[-1] // size
        rows = slice(middle * scale, (middle + 1) * scale)
        (gradient,) = torch.autograd.grad(out[:, :, rows, rows].sum(), image)
    touched = gradient.abs().sum(dim=(0, 1)).nonzero()
    return int((touched - middle).abs().max()) if len(touched) else 0


def split(height: int, width: int, tile: int, margin: int) -> list[Tile]:
    """Cover an image with tiles whose cores do not overlap.

    Args:
        height: Rows of the LR image.
        width: Columns.
        tile: Side of a core; 0 for one tile over everything.
        margin: Pixels to feed around a core, at least the network's `receptive_radius`.
    """
    return [
        Tile((*rows, *columns), (*_widen(rows, margin, height), *_widen(columns, margin, width)))
        for rows in _spans(height, tile)
        for columns in _spans(width, tile)
    ]


def _spans(length: int, tile: int) -> Iterator[tuple[int, int]]:
    step = tile or length
    for start in range(0, length, step):
        yield start, min(start + step, length)


def _widen(span: tuple[int, int], margin: int, length: int) -> tuple[int, int]:
    # At the border of the image nothing is added: there the network pads as it would do for the
    # whole image, and the result is the same.
    return max(span[0] - margin, 0), min(span[1] + margin, length)


@torch.no_grad()
def tiled_forward(
    network: nn.Module,
    image: Tensor,
    scale: int,
    *,
    tile: int,
    margin: int,
    keep: Callable[[Tensor], Tensor] | None = None,
    on_tile: Callable[[], None] | None = None,
) -> Tensor:
    """Run a network tile by tile and put the outputs together.

    Args:
        network: In evaluation mode.
        image: (1, C, H, W) on the CPU.
        scale: Factor of the network.
        tile: Side of a tile's core in LR pixels; 0 for the whole image at once.
        margin: Pixels seen around it.
        keep: What to store of a tile's output, such as rounding to bytes; the output itself by
            default.
        on_tile: Called after each tile.

    Returns:
        (1, C, scale * H, scale * W) on the CPU, of the type that ``keep`` returns.
    """
    device = next((p.device for p in network.parameters()), torch.device("cpu"))
    height, width = image.shape[-2:]
    result: Tensor | None = None
    for part in split(height, width, tile, margin):
        top, bottom, left, right = part.seen
        out = network(image[..., top:bottom, left:right].to(device))
        first_row, last_row = (part.core[0] - top) * scale, (part.core[1] - top) * scale
        first_column, last_column = (part.core[2] - left) * scale, (part.core[3] - left) * scale
        out = out[..., first_row:last_row, first_column:last_column]
        out = (keep(out) if keep else out).cpu()
        if result is None:
            shape = (*out.shape[:2], height * scale, width * scale)
            result = torch.empty(shape, dtype=out.dtype)
        rows = slice(part.core[0] * scale, part.core[1] * scale)
        columns = slice(part.core[2] * scale, part.core[3] * scale)
        result[..., rows, columns] = out
        if on_tile:
            on_tile()
    assert result is not None
    return result
