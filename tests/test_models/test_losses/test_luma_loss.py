from __future__ import annotations

import pytest
import torch

from mmsrkd.models.losses import LumaLoss
from mmsrkd.models.networks import ESPCN, LumaOnly
from mmsrkd.models.networks.blocks.colour import TO_YCBCR, mix_channels


def test_gradient_is_that_of_the_bare_network_on_luma() -> None:
    torch.manual_seed(0)
    bare = ESPCN(in_channels=1, out_channels=1, channels=4, mid_channels=3)
    wrapped, x, truth = LumaOnly(bare), torch.rand(2, 3, 6, 5), torch.rand(2, 3, 12, 10)
    luma, luma_truth = (mix_channels(image, TO_YCBCR[:1]) for image in (x, truth))
    parameters = list(bare.parameters())
    wanted = torch.autograd.grad((bare(luma) - luma_truth).square().mean(), parameters)
    loss = LumaLoss({"type": "MSELoss"})(wrapped(x), truth)
    found = torch.autograd.grad(loss, parameters)
    for left, right in zip(found, wanted, strict=True):
        assert torch.allclose(left, right, rtol=1e-4, atol=1e-6)


def test_shapes_have_to_agree() -> None:
    with pytest.raises(ValueError, match="LumaLoss"):
        LumaLoss({"type": "L1Loss"})(torch.rand(1, 3, 4, 4), torch.rand(1, 3, 4, 5))
