"""Networks: RGB [0, 1] in, RGB [0, 1] out. They know no loss, no config and no checkpoint."""

from mmsrkd.models.networks.bicubic import Bicubic
from mmsrkd.models.networks.lgrnet import LGRNet
from mmsrkd.models.networks.reparam import (
    Conv3XC,
    ReparamBlock,
    count_parameters,
    switch_to_deploy,
)
from mmsrkd.models.networks.span import SPAB, SPAN

__all__ = [
    "SPAB",
    "SPAN",
    "Bicubic",
    "Conv3XC",
    "LGRNet",
    "ReparamBlock",
    "count_parameters",
    "switch_to_deploy",
]
