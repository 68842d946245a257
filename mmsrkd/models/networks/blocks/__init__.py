"""Building blocks that several networks share; each lives here once."""

from mmsrkd.models.networks.blocks.anchor import repeat_channels
from mmsrkd.models.networks.blocks.attention import ESA, ChannelAttention
from mmsrkd.models.networks.blocks.upsampling import pixel_shuffle_head, stepwise_upsampler

__all__ = [
    "ESA",
    "ChannelAttention",
    "pixel_shuffle_head",
    "repeat_channels",
    "stepwise_upsampler",
]
