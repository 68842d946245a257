"""Networks of mmagic 1.2.x that tracing freezes to one size, or does not see into.

An exporter follows one forward pass. Single expressions are exchanged for others of the same
value; each can go when a newer mmagic lacks the old one
(``tests/test_compat/test_mmagic_networks.py::test_stock_still_has_it``):

* NAFNet normalises in an autograd function, for which runtimes have no operator: torch's own layer
  normalisation does the same;
* so does it for Restormer, whose own adds 1e-5 to a variance: that sum is rounded to 0 in int8 and
  then divided by;
* SwinIR numbers the parts of an image by writing into slices of it, which is exported for one size,
  if at all; it asks for the size of its training, and counts images with ``int()``;
* Restormer pads in one of two branches, and only the one taken is exported.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_EDITORS = "mmagic.models.editors"
_IMPORT = "from mmsrkd.compat import mmagic_networks as repaired"
#: Module to expressions, as `ast.unparse` writes them, and what stands there instead. Restormer's
#: other branch, always taken, is made to hold for sides that are multiples of 8.
EXCHANGED: dict[str, dict[str, str]] = {
    f"{_EDITORS}.nafnet.naf_layerNorm2d": {"LayerNormFunction.apply": "repaired.channel_norm"},
    f"{_EDITORS}.swinir.swinir_rstb": {
        "self.input_resolution == x_size": (
            "not torch.jit.is_tracing() and self.input_resolution == x_size"
        ),
        "self.calculate_mask(x_size).to(x.device)": (
            "repaired.window_mask(x, x_size, self.window_size, self.shift_size)"
        ),
    },
    f"{_EDITORS}.swinir.swinir_utils": {
        "int(windows.shape[0] / (H * W / window_size / window_size))": (
            "windows.shape[0] * window_size * window_size // (H * W)"
        )
    },
    f"{_EDITORS}.restormer.restormer_net": {
        "h % 8 == 0": "False",
        "w % 8 == 0": "False",
        "8 - h % 8": "(8 - h % 8) % 8",
        "8 - w % 8": "(8 - w % 8) % 8",
        "WithBias_LayerNorm(dim)": "nn.LayerNorm(dim)",
    },
}


class _Exchange(ast.NodeTransformer):
    def __init__(self, exchanged: Mapping[str, str]) -> None:
        self._exchanged = exchanged

    def visit(self, node: ast.AST) -> ast.AST:
        new = self._exchanged.get(ast.unparse(node)) if isinstance(node, ast.expr) else None
        if new is None:
            return self.generic_visit(node)
        return ast.copy_location(ast.parse(new, mode="eval").body, node)


def exchange(module: str, tree: ast.Module) -> ast.Module:
    """Exchange the expressions of one of the modules in `EXCHANGED`."""
    tree.body[:0] = ast.parse(_IMPORT).body
    _Exchange(EXCHANGED[module]).visit(tree)  # in place
    return tree


def channel_norm(x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
    """Normalise each pixel of (N, C, H, W) over its channels; weight and bias are (C,)."""
    from torch.nn.functional import layer_norm

    return layer_norm(x.permute(0, 2, 3, 1), weight.shape, weight, bias, eps).permute(0, 3, 1, 2)


def window_mask(x: Tensor, size: tuple[int, int], window: int, shift: int) -> Tensor | None:
    """Return what keeps pixels apart that only the cyclic shift has brought into one window.

    Args:
        x: On the device that the mask is wanted on.
        size: Height and width of the image, multiples of ``window``.
        window: Side of a window.
        shift: How far the image was shifted.

    Returns:
        (windows, window**2, window**2) of 0 and -100; None without a shift.
    """
    import torch

    if shift == 0:
        return None
    height, width = size
    row, column = (_part(torch.arange(n, device=x.device), n, window, shift) for n in size)
    parts = 3 * row[:, None] + column
    tiles = parts.view(height // window, window, width // window, window).transpose(1, 2)
    tiles = tiles.reshape(-1, window * window)
    return -100.0 * (tiles[:, None] != tiles[:, :, None]).float()


def _part(place: Tensor, side: int, window: int, shift: int) -> Tensor:
    """0, 1 or 2: before the last window, in its first part, or in what came from the far end."""
    return (place >= side - window).long() + (place >= side - shift).long()
