from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.distillation import AffinityMap, ChannelNormalise
from mmsrkd.models.losses import ContrastiveRatioLoss, SpatialAffinityLoss
from mmsrkd.models.losses.affinity_loss import affinity_l1


def affinity(x: torch.Tensor) -> torch.Tensor:
    """Every pair of pixels, one at a time."""
    pixels = x.flatten(2)
    side = pixels.shape[2]
    return torch.stack(
        [
            F.cosine_similarity(pixels[:, :, p], pixels[:, :, q])
            for p in range(side)
            for q in range(side)
        ],
        dim=1,
    )


def test_value_is_the_l1_of_cosines_summed_over_the_taps() -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(2, 3, 2, 3), torch.randn(2, 5, 2, 3)
    wanted = (affinity(student) - affinity(teacher)).abs().mean().item()
    assert SpatialAffinityLoss()(student, teacher).item() == pytest.approx(wanted, rel=1e-5)
    both = SpatialAffinityLoss(tap_weights=[1, 2])([student] * 2, [teacher] * 2)
    assert both.item() == pytest.approx(3 * wanted, rel=1e-5)


def test_gradient_is_the_one_autograd_finds() -> None:
    torch.manual_seed(0)
    a = torch.randn(2, 3, 7, dtype=torch.float64, requires_grad=True)
    b = torch.randn(2, 4, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(affinity_l1, (a, b))
    naive = (a.transpose(1, 2) @ a - b.transpose(1, 2) @ b).abs().mean()
    wanted = torch.autograd.grad(naive, (a, b))
    found = torch.autograd.grad(affinity_l1(a, b), (a, b))
    assert all(torch.allclose(x, y, atol=1e-12) for x, y in zip(wanted, found, strict=True))


def test_scale_of_a_feature_and_equal_features_cost_nothing() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 4, 3, 3)
    assert SpatialAffinityLoss()(x, 5 * x).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("pool", "pooled"), [("max", F.max_pool2d), ("avg", F.avg_pool2d)])
def test_pooled_variant(pool: str, pooled) -> None:
    torch.manual_seed(0)
    student, teacher = torch.randn(1, 3, 6, 6), torch.randn(1, 3, 6, 6)
    ours = SpatialAffinityLoss(pool=pool, kernel=3)(student, teacher)
    assert torch.equal(ours, SpatialAffinityLoss()(pooled(student, 3), pooled(teacher, 3)))


def test_adapters_give_unit_pixels_and_the_map() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 3, 2, 4)
    x[0, :, 0, 0] = 0
    unit = ChannelNormalise()(x)
    assert torch.allclose(unit, F.normalize(x, dim=1), atol=1e-6)
    assert torch.allclose(AffinityMap()(x).flatten(1), affinity(x), atol=1e-6)


def test_contrast_of_affinities() -> None:
    """Table 12, FACD: maps of different widths can be contrasted without a regressor."""
    torch.manual_seed(0)
    student, teacher = (
        AffinityMap()(torch.randn(3, 4, 3, 3)),
        AffinityMap()(torch.randn(3, 6, 3, 3)),
    )
    assert 0 < ContrastiveRatioLoss()(student, teacher).item() < 3


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="pool='min' is unknown; choose one of none, max, avg"):
        SpatialAffinityLoss(pool="min")
    with pytest.raises(ValueError, match="tap 0: the student gives"):
        SpatialAffinityLoss()(torch.zeros(1, 2, 4, 4), torch.zeros(1, 2, 4, 5))
