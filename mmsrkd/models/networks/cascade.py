from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from mmsrkd.registry import MODELS


@MODELS.register_module()
class Cascade(nn.Module):
    """Two networks one after the other, such as deblurring and then super-resolution.

    RGB [0, 1] in, (N, 3, H, W) -> (N, 3, rH, rW) with the product of both scales. The second takes
    the image the first gives, the last one where it gives several; what makes only the others gets
    no gradient, so distributed training needs ``find_unused_parameters=True`` there.

    State keys and tap points are those of the parts under ``first.`` and ``second.``. In a config::

        dict(type="Cascade", first=dict(type="MIMOUNet"), second=dict(type="SPAN", scale=4))

    Args:
        first: Config of the network that sees the input.
        second: Config of the network that gives the output.
        deploy: Build the second in the deploy form. Only for networks with re-parameterised blocks.

    Raises:
        ValueError: The second takes other channels than the first gives.
    """

    def __init__(
        self, first: Mapping[str, Any], second: Mapping[str, Any], deploy: bool = False
    ) -> None:
        super().__init__()
        self.first: nn.Module = MODELS.build(dict(first))
        self.second: nn.Module = MODELS.build({**second, "deploy": True} if deploy else {**second})
        given, taken = (int(getattr(m, "in_channels", 3)) for m in (self.first, self.second))
        if given != taken:
            raise ValueError(
                f"Cascade: {first['type']} is for images of {given} channels and {second['type']} "
                f"for {taken}: give both the same in_channels"
            )
        self.in_channels = given
        first_scale = int(getattr(self.first, "scale", 1))
        self.scale = first_scale * int(getattr(self.second, "scale", 1))
        own, later = (int(getattr(m, "min_side", 1)) for m in (self.first, self.second))
        self.min_side = max(own, -(-later // first_scale))
        self.size_divisor = math.lcm(
            *(int(getattr(m, "size_divisor", 1)) for m in (self.first, self.second))
        )

    def forward(self, x: Tensor) -> Tensor:
        """Restore RGB [0, 1] images (N, 3, H, W) in two steps, to (N, 3, rH, rW)."""
        image = self.first(x)
        return self.second(image if isinstance(image, Tensor) else image[-1])
