"""Adapters of the published feature-distillation methods."""

from __future__ import annotations

from torch import Tensor, nn

from mmsrkd.models.losses.affinity import spatial_affinity
from mmsrkd.models.losses.shapes import check_channels
from mmsrkd.models.losses.unit_channels import unit_channels
from mmsrkd.registry import MODELS

from .shared_prelu import SharedPReLU


@MODELS.register_module()
class DeepRegressor(nn.Module):
    """1x1 convolutions with PReLU between them, on the student's side (LFD 2021, FACD 2023).

    Only 1x1, so that a pixel of the student is compared with the same pixel of the teacher. The
    widths inside are not given; here all but the first convolution go from teacher to teacher
    width: 279,812 parameters from 64 to 256, 20,804 from 64 to 64. Thrown away after training.

    Args:
        in_channels: Channels of the tensor it works on.
        out_channels: Channels of the other side.
        depth: Number of convolutions.
    """

    def __init__(self, in_channels: int, out_channels: int, depth: int = 5) -> None:
        super().__init__()
        if depth < 1:
            raise ValueError(f"DeepRegressor: depth must be 1 or more, got {depth}")
        self.in_channels = in_channels
        layers: list[nn.Module] = [nn.Conv2d(in_channels, out_channels, 1)]
        for _ in range(depth - 1):
            layers += [SharedPReLU(), nn.Conv2d(out_channels, out_channels, 1)]
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, in_channels, H, W) to (N, out_channels, H, W)."""
        check_channels(x, self.in_channels, "DeepRegressor")
        return self.layers(x)


@MODELS.register_module()
class ChannelNormalise(nn.Module):
    """Divides every pixel by its L2 norm over the channels (Eq. 3, FACD 2023; FAKD 2020)."""

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to the same shape; a pixel of zeros stays zero."""
        return unit_channels(x)


@MODELS.register_module()
class AffinityMap(nn.Module):
    """Cosines between all pixels of a feature map (Eq. 1, FAKD 2020).

    Memory grows with the square of the area; `SpatialAffinityLoss` needs less than this followed by
    an L1.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, C, H, W) to (N, HW, HW), in [-1, 1]."""
        return spatial_affinity(x)
