"""Networks with the ways of writing things that quantisers stumble over."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Odd(nn.Module):
    """Pads by size, works in place, shares a layer, passes operands by name, concatenates."""

    def __init__(self) -> None:
        super().__init__()
        self.head = nn.Conv2d(3, 4, 3, padding=1)
        self.shared = nn.Conv2d(4, 4, 3, padding=1)
        self.act = nn.ReLU(inplace=True)
        self.tail = nn.Conv2d(8, 12, 1)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[2:]
        if height % 2 or width % 2:
            x = F.pad(x, (0, width % 2, 0, height % 2), mode="replicate")
        h = self.head(input=x)
        a = self.act(self.shared(h))
        b = self.act(self.shared(a))
        b += h
        b = b * torch.sigmoid(a)
        out = self.tail(torch.cat(tensors=[a, b], dim=1))
        return F.pixel_shuffle(out, 2)[..., : 2 * height, : 2 * width]


class WithNorm(nn.Module):
    """A convolution with batch normalisation behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(6)
        self.tail = nn.Conv2d(6, 12, 3, padding=1)
        with torch.no_grad():
            self.norm.running_mean.uniform_(-1, 1)  # type: ignore[union-attr]
            self.norm.running_var.uniform_(0.5, 2)  # type: ignore[union-attr]

    def forward(self, x: Tensor) -> Tensor:
        return F.pixel_shuffle(self.tail(F.relu(self.norm(self.conv(x)))), 2)


def images(count: int = 2, size: tuple[int, int] = (24, 28)) -> list[Tensor]:
    """Noise in [0, 1] on the grid of 8-bit pictures."""
    generator = torch.Generator().manual_seed(0)
    drawn = [torch.rand(1, 3, *size, generator=generator) for _ in range(count)]
    return [(image * 255).round() / 255 for image in drawn]
