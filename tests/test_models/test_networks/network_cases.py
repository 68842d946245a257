"""Every registered network, small: a new one is covered by adding a line."""

from __future__ import annotations

from typing import Any

Y = {"in_channels": 1, "out_channels": 1}
FSRCNN_Y = {"type": "FSRCNN", **Y, "channels": 8, "shrink_channels": 4, "num_blocks": 1, "scale": 2}

SMALL: dict[str, dict[str, Any]] = {
    "SPAN": {"channels": 8, "num_blocks": 2},
    "LGRNet": {"channels": 8, "num_blocks": 2},
    "Bicubic": {},
    "FSRCNN": {"channels": 8, "shrink_channels": 4, "num_blocks": 2},
    "ESPCN": {"channels": 8, "mid_channels": 6},
    "XLSR": {"channels": 8, "num_blocks": 2},
    "BicubicPlusPlus": {"channels": 8},
    "VDSR": {"channels": 6, "num_layers": 3},
    "HGSRCNN": {"channels": 4},
    "LumaOnly": {"network": FSRCNN_Y},
    "RLFN": {"channels": 8, "num_blocks": 2, "esa_channels": 4},
    "DIPNet": {"channels": 8, "mid_channels": 6, "num_blocks": 2, "esa_channels": 4},
    "RFDN": {"channels": 16, "num_blocks": 2},
    "IMDN": {"channels": 16, "num_blocks": 2},
    "PAN": {"channels": 8, "up_channels": 6, "num_blocks": 2},
    "SESR": {"channels": 8, "num_blocks": 2, "expand_channels": 12},
    "ABPN": {"channels": 8, "num_blocks": 2},
    "ECBSR": {"channels": 8, "num_blocks": 2},
    "SAFMN": {"channels": 8, "num_blocks": 2},
    "RCAN": {"channels": 8, "num_groups": 2, "num_blocks": 2, "reduction": 2},
    # `plus` drops channels at random while training: tested in test_mimo_unet.py.
    "MIMOUNet": {"channels": 4, "num_blocks": 1},
    "Cascade": {
        "first": {"type": "ESPCN", "channels": 8, "mid_channels": 6, "scale": 2},
        "second": {"type": "SPAN", "channels": 8, "num_blocks": 1, "scale": 2},
    },
}

# Those that cannot be built from arguments alone, take no LR image or give more than one, and why;
# they have tests of their own.
NEEDS_A_FILE = {
    "SpandrelNet": "its architecture and weights are those of a weight file",
    "PrivilegedSR": "it takes the HR image",
    "SRDeblurNet": "it gives two images",
}

# Scales of those that are not for 2, 3 and 4.
SCALES: dict[str, tuple[int, ...]] = {"LumaOnly": (2,), "MIMOUNet": (1,), "Cascade": (4,)}

# Forms and switches that deserve the same tests: name, arguments.
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *SMALL.items(),
    ("SPAN", {"channels": 8, "num_blocks": 1, "deploy": True}),
    (
        "LGRNet",
        {"channels": 8, "num_blocks": 1, "activation": "prelu", "global_residual": "concat"},
    ),
    ("LGRNet", {"channels": 8, "num_blocks": 1, "activation": "silu", "global_residual": "image"}),
    ("LGRNet", {"channels": 8, "num_blocks": 1, "attention": "none", "local_residual": False}),
    ("LGRNet", {"channels": 8, "num_blocks": 1, "attention": "hardsigmoid", "mean": [0.4] * 3}),
    ("LGRNet", {"channels": 8, "num_blocks": 1, "global_residual": "none", "img_range": 255.0}),
    ("Bicubic", {"rounding": "uint8"}),
    ("RLFN", {"channels": 8, "num_blocks": 1, "num_convs": 1, "esa_channels": 4}),
    ("RLFN", {"in_channels": 1, "out_channels": 1, "channels": 8, "num_convs": 2}),
    ("RFDN", {"channels": 16, "num_blocks": 1, "num_stages": 1}),
    ("FSRCNN", {**Y, "channels": 8, "shrink_channels": 4, "num_blocks": 1, "prelu": "single"}),
    ("ESPCN", {**Y, "channels": 8, "mid_channels": 6, "activation": "relu"}),
    ("VDSR", {**Y, "channels": 6, "num_layers": 2, "bias": False}),
    ("SESR", {**Y, "channels": 16, "num_blocks": 1, "expand_channels": 8}),
    ("SESR", {"channels": 8, "num_blocks": 1, "activation": "relu", "deploy": True}),
    ("ECBSR", {**Y, "channels": 8, "num_blocks": 1, "with_identity": True}),
    ("ECBSR", {"channels": 8, "num_blocks": 1, "activation": "softplus", "deploy": True}),
]
