from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.losses import SpectralL1Loss
from mmsrkd.models.networks import MIMOUNet
from mmsrkd.registry import MODELS


def by_hand(pred: torch.Tensor, target: torch.Tensor, weight: float) -> torch.Tensor:
    """As MIMO-UNet's training script has it: both transforms, then L1."""
    first, second = (torch.view_as_real(torch.fft.fft2(image)) for image in (pred, target))
    return F.l1_loss(pred, target) + weight * F.l1_loss(first, second)


@pytest.mark.parametrize("weight", [0.0, 0.1])
def test_one_image_and_three(weight: float) -> None:
    loss = MODELS.build({"type": "SpectralL1Loss", "weight": weight})
    assert isinstance(loss, SpectralL1Loss)
    target = torch.rand(2, 3, 16, 24)
    images = [torch.rand(2, 3, 16 // k, 24 // k) for k in (4, 2, 1)]
    terms = []
    for image, factor in zip(images, (0.25, 0.5, 1.0), strict=True):
        truth = target
        if factor < 1:
            truth = F.interpolate(target, scale_factor=factor, mode="bilinear")
        terms.append(by_hand(image, truth, weight))
    assert torch.allclose(loss(images[-1], target), terms[-1], rtol=1e-4)
    assert torch.allclose(loss(tuple(images), target), torch.stack(terms).sum(), rtol=1e-4)
    assert loss(target, target) == 0


def test_every_scale_of_a_network_trains() -> None:
    network, x = MIMOUNet(channels=4, num_blocks=1).train(), torch.rand(1, 3, 13, 18)
    SpectralL1Loss()(network(x), torch.rand(1, 3, 13, 18)).backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(1, 3, 8, 8\).*\(1, 3, 4, 4\)"):
        SpectralL1Loss()(torch.rand(1, 3, 8, 8), torch.rand(1, 3, 4, 4))
