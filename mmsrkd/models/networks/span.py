from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmsrkd.models.networks.blocks import pixel_shuffle_head
from mmsrkd.models.networks.checks import check_image, check_positive, check_scale
from mmsrkd.models.networks.reparam import Conv3XC
from mmsrkd.registry import MODELS


class SPAB(nn.Module):
    """Swift parameter-free attention block (SPAN, CVPRW 2024).

    ``out = (h3 + x) * (sigmoid(h3) - 0.5)`` with ``h3 = c3(SiLU(c2(SiLU(c1(x)))))``.

    Args:
        channels: Channels of input and output.
        deploy: Build the merged form of the convolutions.
    """

    def __init__(self, channels: int, *, deploy: bool = False) -> None:
        super().__init__()
        self.c1_r = Conv3XC(channels, channels, deploy=deploy)
        self.act1 = nn.SiLU()
        self.c2_r = Conv3XC(channels, channels, deploy=deploy)
        self.act2 = nn.SiLU()
        self.c3_r = Conv3XC(channels, channels, deploy=deploy)

    def first_activation(self, x: Tensor) -> Tensor:
        """Return ``SiLU(c1(x))``, (N, C, H, W): what SPAN feeds to its concatenation."""
        return self.act1(self.c1_r(x))

    def forward(self, x: Tensor, first: Tensor | None = None) -> Tensor:
        """Map (N, C, H, W) to (N, C, H, W).

        Args:
            x: Input features.
            first: ``first_activation(x)`` where the caller has it already.
        """
        if first is None:
            first = self.first_activation(x)
        h3 = self.c3_r(self.act2(self.c2_r(first)))
        return (h3 + x) * (torch.sigmoid(h3) - 0.5)


@MODELS.register_module()
class SPAN(nn.Module):
    """Swift Parameter-free Attention Network (CVPRW 2024).

    RGB [0, 1] in, RGB [0, 1] out, (N, 3, H, W) -> (N, 3, rH, rW), any H and W. The input is
    shifted and scaled inside, ``(x - mean) * img_range``; nothing is added back or divided at the
    end (as published).

    State keys are the official ones. Tap points for distillation are plain tensors:
    ``block_1`` ... ``block_6`` (outputs) and the features before up-sampling, which are both the
    output of ``conv_cat`` and the input of ``upsampler``. The official block returns a tuple; this
    one returns its output alone.

    In the official code the fourth member of the concatenation looks like the first convolution
    of the last block, but an in-place SiLU has passed over it by then, and the published weights
    rely on that. Here it is ``SiLU(c1(x))`` explicitly; the raw convolution would cost 2 to 8 dB.

    Args:
        in_channels: Image channels of the input.
        out_channels: Image channels of the output.
        channels: Feature width; 48 and 52 are published.
        num_blocks: Number of blocks.
        scale: 2, 3 or 4.
        mean: Per-channel value taken off the input, in [0, 1].
        img_range: Factor applied after that.
        deploy: Build every re-parameterised convolution as one 3x3 (410,700 parameters at x2, 48
            channels); otherwise the train form.

    Raises:
        ValueError: ``scale``, ``num_blocks`` or the length of ``mean`` is not possible.
    """

    def __init__(
        self,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 48,
        num_blocks: int = 6,
        scale: int = 2,
        mean: Sequence[float] = (0.4488, 0.4371, 0.4040),
        img_range: float = 255.0,
        deploy: bool = False,
    ) -> None:
        super().__init__()
        self.scale = check_scale("SPAN", scale)
        check_positive("SPAN", channels=channels, num_blocks=num_blocks)
        if len(mean) != in_channels:
            raise ValueError(f"SPAN: mean has {len(mean)} values for {in_channels} input channels")
        self.in_channels = in_channels
        self.num_blocks = num_blocks
        self.img_range = float(img_range)
        self.mean: Tensor
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1), persistent=False)
        self.conv_1 = Conv3XC(in_channels, channels, deploy=deploy)
        for index in range(1, num_blocks + 1):
            self.add_module(f"block_{index}", SPAB(channels, deploy=deploy))
        self.conv_2 = Conv3XC(channels, channels, deploy=deploy)
        self.conv_cat = nn.Conv2d(channels * 4, channels, 1)
        self.upsampler = pixel_shuffle_head(channels, out_channels, scale)

    def forward(self, x: Tensor) -> Tensor:
        """Up-scale RGB [0, 1] images (N, 3, H, W) to (N, 3, rH, rW)."""
        check_image("SPAN", x, self.in_channels)
        shallow = self.conv_1((x - self.mean) * self.img_range)
        features = first = earliest = shallow
        number = 0
        for block in self.children():  # in the order of registration; TorchScript unrolls it
            if hasattr(block, "first_activation"):
                first = block.first_activation(features)  # type: ignore[operator]
                features = block(features, first)
                number += 1
                if number == 1:
                    earliest = features
        joined = torch.cat([shallow, self.conv_2(features), earliest, first], dim=1)
        return self.upsampler(self.conv_cat(joined))
