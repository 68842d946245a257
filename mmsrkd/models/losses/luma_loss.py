"""Any loss, of luma alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from mmsrkd.models.networks.blocks.colour import TO_YCBCR, mix_channels
from mmsrkd.registry import MODELS

from .shapes import check_same_shape


@MODELS.register_module()
class LumaLoss(nn.Module):
    """Another loss, taken of the BT.601 luma (studio range, / 255) of two RGB images.

    Trains a network inside `LumaOnly` as its authors train it on Y. A loss of RGB would also pull
    Y towards making up for the error of the interpolated colours.

    Args:
        loss: Configuration of the loss of two images, e.g. ``dict(type="MSELoss")``.
    """

    def __init__(self, loss: Mapping[str, Any]) -> None:
        super().__init__()
        self.loss: nn.Module = MODELS.build(dict(loss))

    def forward(self, pred: Tensor, target: Tensor) -> Tensor:
        """Compare two images.

        Args:
            pred: (N, 3, H, W), RGB in [0, 1].
            target: The same shape.

        Returns:
            What the other loss returns for (N, 1, H, W).
        """
        check_same_shape(pred, target, "LumaLoss")
        return self.loss(mix_channels(pred, TO_YCBCR[:1]), mix_channels(target, TO_YCBCR[:1]))
