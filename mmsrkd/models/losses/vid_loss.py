from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmsrkd.registry import MODELS

from .shapes import check_channels

#: How far the spread starts from 1, in PISR's code; a variance for the Gaussian.
SPREADS = {"laplace": 0.1, "gaussian": 0.001}
EPS = 1e-8


@MODELS.register_module()
class VIDLoss(nn.Module):
    """Variational information distillation as in PISR (ECCV 2020), Eq. 6 and 7.

    Two small heads on the student's feature predict the teacher's: its location and the spread of
    each element. The loss is the negative logarithm of the likelihood, a mean over all elements.
    They train with the student and are thrown away.

    As in the published code, the constant is ``C log(2 pi) / 2`` in both cases, which has no
    gradient and is not the normaliser of a Laplace distribution; so values are comparable with its
    logs. One spread per element (``None`` there); the shared kinds are left out. The code wants
    equal widths; here the heads also widen.

    Args:
        in_channels: Channels of the student's feature.
        out_channels: Channels of the teacher's.
        distribution: ``laplace`` (the code's choice, spread times 0.1) or ``gaussian`` (variance
            times 0.001).

    Raises:
        ValueError: For a distribution that is not offered.
    """

    def __init__(self, in_channels: int, out_channels: int, distribution: str = "laplace") -> None:
        super().__init__()
        if distribution not in SPREADS:
            raise ValueError(
                f"distribution={distribution!r} is unknown; choose one of {', '.join(SPREADS)}"
            )
        self.distribution, self.in_channels = distribution, in_channels
        self.location = _head(in_channels, out_channels)
        self.spread = _head(in_channels, out_channels)

    def forward(self, student: Tensor, teacher: Tensor) -> Tensor:
        """Return how unlikely the teacher's feature is, given the student's.

        Args:
            student: (N, in_channels, H, W).
            teacher: (N, out_channels, H, W).

        Returns:
            Scalar, of any sign.

        Raises:
            ValueError: If the shapes are others.
        """
        check_channels(student, self.in_channels, "VIDLoss")
        location = self.location(student)
        if location.shape != teacher.shape:
            raise ValueError(
                f"VIDLoss predicts {tuple(location.shape)}, the teacher gives "
                f"{tuple(teacher.shape)}; set out_channels to the teacher's width and tap both at "
                "one resolution"
            )
        spread = F.softplus(self.spread(student)) * SPREADS[self.distribution] + EPS
        return self._surprise(location - teacher, spread).mean() + self._constant(teacher.shape[1])

    def _surprise(self, error: Tensor, spread: Tensor) -> Tensor:
        if self.distribution == "laplace":
            return torch.log(2 * spread) + error.abs() / spread
        return (torch.log(spread) + error.square() / spread) / 2

    @staticmethod
    def _constant(channels: int) -> float:
        return channels * math.log(2 * math.pi) / 2


def _head(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, in_channels, 1),
        nn.PReLU(),
        nn.Conv2d(in_channels, out_channels, 1),
    )
