"""What the authors' networks count, from their published files, figures and tables.

MACs are those of the convolutions for a 1280x720 output, LR sides rounded down; "deploy" is the
merged form where the train form has branches.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One network at its three scales, or those it has."""

    network: str
    kwargs: dict[str, Any]
    parameters: dict[int, int]  # deploy form, by scale
    gmacs: dict[int, float]
    digits: int = 1  # decimals of gmacs
    train_parameters: Mapping[int, int] = MappingProxyType(
        {}
    )  # as published, frozen copies included


def at(*values: float, scales: tuple[int, ...] = (2, 3, 4)) -> dict[int, Any]:
    """Values by scale."""
    return dict(zip(scales, values, strict=True))


Y = {"in_channels": 1, "out_channels": 1}
TABLE = [
    Row(
        "SPAN",
        {"channels": 48},
        at(410_700, 417_195, 426_288),
        at(94.4, 42.5, 24.5),  # x3: 42.548; elsewhere printed as 42.6
        train_parameters=at(2_221_140, 2_227_635, 2_236_728),
    ),
    Row(
        "SPAN",
        {"channels": 52},
        at(481_324, 488_359, 498_208),
        at(110.6, 49.8, 28.6),
        train_parameters=at(2_605_080, 2_612_115, 2_621_964),
    ),
    Row("SPAN", {"channels": 26, "deploy": True}, {4: 130_828}, {4: 7.5}),
    Row("SPAN", {"channels": 28, "deploy": True}, {4: 150_688}, {4: 8.6}),
    Row("LGRNet", {}, at(180_076, 184_411, 190_480), at(41.3, 18.8, 10.9)),
    Row("FSRCNN", Y, at(12_809, 12_809, 12_809), at(2.9, 1.3, 0.7)),
    Row("FSRCNN", {}, at(24_683, 24_683, 24_683), {}),
    Row("FSRCNN", {**Y, "prelu": "single"}, {2: 12_644}, {}),
    Row("ESPCN", Y, at(21_284, 22_729, 24_752), at(4.9, 2.3, 1.4)),
    # x2: 6.149; 6.2 counts biases
    Row("ESPCN", {}, at(26_796, 31_131, 37_200), at(6.1, 3.2, 2.1)),
    Row("XLSR", {}, at(17_612, 21_947, 28_016), at(3.98, 2.21, 1.59), 2),
    Row("BicubicPlusPlus", {}, at(33_120, 50_400, 74_592), at(1.91, 1.29, 1.07), 2),
    Row("PAN", {}, at(261_403, 261_403, 272_419), at(70.5, 39.0, 28.2)),
    Row("RFDN", {}, at(417_212, 423_977, 433_448), at(91.3, 41.2, 23.8)),
    Row("RFDN", {"num_blocks": 1, "num_stages": 1}, {2: 76_212}, {}),
    Row("RFDN", {"num_blocks": 2}, {2: 223_312}, {2: 49.0}),
    Row("RLFN", {}, at(526_856, 533_891, 543_740), at(115.4, 51.9, 29.8)),
    Row("RLFN", {"channels": 48}, at(454_620, 461_115, 470_208), at(98.8, 44.5, 25.6)),
    Row(
        "RLFN",
        {"channels": 46, "mid_channels": 48, "num_blocks": 4},
        at(302_278, 308_503, 317_218),
        at(65.7, 29.8, 17.3),
    ),
    Row("RLFN", {"channels": 48, "num_blocks": 1, "num_convs": 1}, {2: 56_972}, {}),
    Row("RLFN", {"channels": 48, "num_blocks": 3}, {2: 240_972}, {2: 52.5}),
    # x3: 22.348; elsewhere printed as 22.4
    Row("DIPNet", {}, at(228_996, 234_936, 243_252), at(49.0, 22.3, 13.1)),
    Row("IMDN", {}, at(694_404, 703_059, 715_176), at(158.8, 71.3, 40.9)),
    Row("RCAN", {}, at(15_444_643, 15_629_283, 15_592_355), at(3527, 1585, 917), 0),
    Row("RCAN", {"num_blocks": 6}, at(5_023_603, 5_208_243, 5_171_315), at(1149, 529, 322), 0),
    Row("HGSRCNN", {}, at(2_123_392, 2_308_032, 2_271_104), at(528.6, 254.3, 167.3)),
    Row("SESR", {**Y, "num_blocks": 3, "activation": "relu"}, {2: 8_912, 4: 13_712}, {2: 2.05}, 2),
    Row("SESR", {**Y, "num_blocks": 5, "activation": "relu"}, {2: 13_520, 4: 18_320}, {2: 3.12}, 2),
    Row("SESR", {**Y, "num_blocks": 7, "activation": "relu"}, {2: 18_128, 4: 22_928}, {2: 4.18}, 2),
    Row("SESR", {**Y, "num_blocks": 11, "activation": "relu"}, {2: 27_344}, {2: 6.30}, 2),
    Row(
        "SESR",
        {**Y, "channels": 32, "num_blocks": 11, "activation": "relu"},
        {2: 105_376, 4: 114_976},
        {2: 24.3},
    ),
    Row("ABPN", {}, at(33_464, 42_539, 62_048), at(7.7, 4.3, 3.6)),
    Row(
        "ECBSR",
        {**Y, "channels": 8, "num_blocks": 4},
        {2: 2_748, 4: 3_624},
        {2: 0.61},
        2,
    ),
    Row(
        "ECBSR",
        {**Y, "channels": 16, "num_blocks": 4},
        {2: 10_100, 4: 11_840},
        {2: 2.29},
        2,
        train_parameters={2: 39_956 + 2_268},
    ),
    Row("ECBSR", {**Y, "channels": 32, "num_blocks": 10}, {2: 94_308, 4: 97_776}, {2: 21.6}),
    Row("ECBSR", {**Y, "channels": 64, "num_blocks": 16}, {2: 594_884, 4: 601_808}, {2: 136.6}),
    Row("VDSR", Y, at(665_921, 665_921, 665_921), at(612.6, 611.6, 612.6)),
    Row("VDSR", {**Y, "bias": False}, {2: 664_704}, {}),
    Row("VDSR", {}, {2: 668_227}, {}),
    Row("SAFMN", {}, at(227_820, 232_695, 239_520), at(51.5, 23.3, 13.5)),
    Row(
        "SAFMN",
        {"channels": 128, "num_blocks": 16},
        at(5_559_308, 5_576_603, 5_600_816),
        at(1274, 567, 321),
        0,
    ),
]

# TAKDSR's FLOPs (Table of the paper): one more for every output element of a (Leaky)ReLU module.
TAKDSR_GFLOPS = [
    ("PAN", {}, (70.86,)),
    ("RFDN", {}, (91.55, 91.56)),  # 91.5551, of which the two ReLUs inside ESA make 0.0006
    ("RLFN", {"channels": 48}, (99.00,)),
    ("HGSRCNN", {}, (529.65, 529.66)),  # the official mean shift is a convolution: 0.0104
    ("PAN", {"num_blocks": 1}, (20.81, 20.82)),
    ("RFDN", {"num_blocks": 1, "num_stages": 1}, (16.40,)),
    ("RLFN", {"channels": 48, "num_blocks": 1, "num_convs": 1}, (12.15,)),
]
# MIMO-UNet: parameters and MACs at 256x256.
MIMO_UNET = [
    ({}, 6_807_171, 63.7),
    ({"num_blocks": 20, "plus": True}, 16_107_651, 150.7),
    ({"channels": 16}, 1_705_923, None),
    ({"channels": 16, "num_blocks": 20, "plus": True}, 4_033_731, None),
]
