"""Building blocks that several networks share; each lives here once."""

from mmsrkd.models.networks.blocks.anchor import repeat_channels
from mmsrkd.models.networks.blocks.attention import ESA, ChannelAttention
from mmsrkd.models.networks.blocks.initialisation import init_fan_out, init_normal
from mmsrkd.models.networks.blocks.padding import pad_to_multiple
from mmsrkd.models.networks.blocks.pooling import divided_max_pool, enlarge_nearest
from mmsrkd.models.networks.blocks.upsampling import pixel_shuffle_head, stepwise_upsampler

__all__ = [
    "ESA",
    "ChannelAttention",
    "divided_max_pool",
    "enlarge_nearest",
    "init_fan_out",
    "init_normal",
    "pad_to_multiple",
    "pixel_shuffle_head",
    "repeat_channels",
    "stepwise_upsampler",
]
