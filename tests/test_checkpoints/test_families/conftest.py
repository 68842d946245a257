from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from mmsrkd.datasets.colour import rgb_to_y
from mmsrkd.evaluation.functional import psnr


@pytest.fixture
def set5_psnr(data_root: Path) -> Callable[[nn.Module], float]:
    """Measures PSNR on luma of an RGB [0, 1] network on Set5, border cut as usual."""

    @torch.no_grad()
    def measure(network: nn.Module) -> float:
        scale, values = network.scale, []
        for path in sorted((data_root / "sr/Set5/HR").glob("*.png")):
            low = path.parents[1] / f"LR_bicubic/X{scale}/{path.stem}x{scale}.png"
            truth, image = (cv2.imread(str(file))[..., ::-1] for file in (path, low))
            x = torch.from_numpy(image.copy()).permute(2, 0, 1)[None] / 255
            out = (network(x)[0].clamp(0, 1) * 255).round().permute(1, 2, 0).numpy()
            truth = truth[: out.shape[0], : out.shape[1]]
            values.append(psnr(rgb_to_y(truth), rgb_to_y(out), crop_border=scale))
        return float(np.mean(values))

    return measure
