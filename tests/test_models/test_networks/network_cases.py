"""Every registered network, small: a new one is covered by adding a line."""

from __future__ import annotations

from typing import Any

SMALL: dict[str, dict[str, Any]] = {
    "SPAN": {"channels": 8, "num_blocks": 2},
    "LGRNet": {"channels": 8, "num_blocks": 2},
    "Bicubic": {},
}

# Scales of those that are not for 2, 3 and 4.
SCALES: dict[str, tuple[int, ...]] = {}

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
]
