from __future__ import annotations

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.checks import check_scale
from mmsrkd.registry import MODELS

# Half-pixel phase leaves every output within half an LR pixel of some LR pixel: the four cubic
# taps of all phases lie within two pixels of that centre.
REACH = 2

SCALES = (1, 2, 3, 4, 8)


@MODELS.register_module()
class Bicubic(nn.Module):
    """Bicubic up-scaling as MATLAB's ``imresize`` does it: the baseline row, without weights.

    Cubic kernel with a = -0.5, half-pixel phase, symmetric borders (the edge pixel is repeated).
    (N, C, H, W) -> (N, C, rH, rW) for any number of channels; values in [0, 1] may overshoot
    unless ``rounding`` clips them.

    Args:
        scale: 1, 2, 3, 4 or 8; 1 gives the image back, the row of what is to be deblurred. Here
            the weights are exact binary fractions or make no ties, so that ``uint8`` is MATLAB's
            result to the bit; at 6, say, ties hang on its rounding errors.
        rounding: ``None`` for real numbers. ``uint8`` for what MATLAB makes of an 8-bit image:
            after the pass over the rows and again after the pass over the columns, values are
            rounded half up and clipped to 0..255. The input is then taken to lie on the 1/255
            grid, and so does the output.

    Raises:
        ValueError: ``scale`` or ``rounding`` is not offered.
    """

    def __init__(self, scale: int = 2, rounding: str | None = None) -> None:
        super().__init__()
        self.scale = check_scale("Bicubic", scale, SCALES)
        if rounding not in (None, "uint8"):
            raise ValueError(f"Bicubic: rounding={rounding!r} is not offered; use None or 'uint8'")
        self.rounding = rounding
        # Plain numbers rather than a buffer: autocast leaves multiplication by them alone, and
        # .half() cannot make the kernel coarser than the image.
        self.phases = [list(phase_weights(phase, scale)) for phase in range(scale)]

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale (N, C, H, W) to (N, C, rH, rW)."""
        if self.rounding is None:
            return self._stretch(self._stretch(x, 2), 3)
        grid = torch.floor(x * 255 + 0.5)
        for axis in (2, 3):
            grid = torch.floor(self._stretch(grid, axis) + 0.5).clamp(0, 255)
        return grid / 255

    def _stretch(self, x: Tensor, axis: int) -> Tensor:
        """Up-scale along one axis: 2 for rows, 3 for columns."""
        padded = _pad_symmetric(x, axis)
        phases = [_weighted_sum(padded, weights, axis) for weights in self.phases]
        return torch.stack(phases, dim=axis + 1).flatten(axis, axis + 1)


def cubic(distance: float) -> float:
    """Keys' cubic convolution kernel with a = -0.5."""
    d = abs(distance)
    if d <= 1:
        return 1.5 * d**3 - 2.5 * d**2 + 1
    if d <= 2:
        return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2
    return 0.0


def phase_weights(phase: int, scale: int) -> tuple[float, ...]:
    """Weights of the five pixels around an LR pixel for its ``phase``-th output pixel."""
    offset = (phase + 0.5) / scale - 0.5
    return tuple(cubic(offset - tap) for tap in range(-REACH, REACH + 1))


def _cut(x: Tensor, axis: int, start: int | None, stop: int | None) -> Tensor:
    # The operator behind x[:, start:stop], called by name because TorchScript has no slice objects.
    cut: Tensor = torch.ops.aten.slice(x, axis, start, stop, 1)
    return cut


def _weighted_sum(padded: Tensor, weights: list[float], axis: int) -> Tensor:
    # Negative ends keep the slices free of the image size, hence exportable with dynamic axes.
    last = len(weights) - 1
    terms: list[Tensor] = []
    for tap, weight in enumerate(weights):
        if weight != 0:
            terms.append(_cut(padded, axis, tap, tap - last if tap < last else None) * weight)
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def _pad_symmetric(x: Tensor, axis: int) -> Tensor:
    """Mirror two pixels at both ends of an axis, repeating the edge; one pixel is enough."""
    # Slicing twice finds the second pixel, or the only one, without asking for the size.
    second = _cut(_cut(x, axis, None, 2), axis, -1, None)
    last_but_one = _cut(_cut(x, axis, -2, None), axis, None, 1)
    first, last = _cut(x, axis, None, 1), _cut(x, axis, -1, None)
    return torch.cat([second, first, x, last, last_but_one], dim=axis)
