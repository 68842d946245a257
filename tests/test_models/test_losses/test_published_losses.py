"""FitNets, LSFD, PISR and FACD's image term, each against its formula."""

from __future__ import annotations

import math

import pytest
import torch

from mmsrkd.models.distillation import AlwaysOne, DeepRegressor, OutputDifference
from mmsrkd.models.distillation.shared_prelu import SharedPReLU
from mmsrkd.models.losses import (
    AdaptivePixelLoss,
    FeatureL1Loss,
    FeatureL2Loss,
    VIDLoss,
    WeightedFeatureL1Loss,
)


def test_hint_is_half_the_mean_square() -> None:
    s, t = torch.zeros(2, 3, 4, 4), torch.full((2, 3, 4, 4), 3.0)
    assert FeatureL2Loss()(s, t).item() == pytest.approx(4.5)
    assert FeatureL2Loss(tap_weights=[1, 0])([s, s], [t, t]).item() == pytest.approx(2.25)


@pytest.mark.parametrize("distribution", ["laplace", "gaussian"])
def test_vid_is_the_formula_of_pisr(distribution: str) -> None:
    """Straight from the published code: std * 0.1 (Laplace), a variance * 0.001 (Gaussian)."""
    torch.manual_seed(0)
    loss = VIDLoss(4, 6, distribution)
    feature, target = torch.randn(2, 4, 3, 3), torch.randn(2, 6, 3, 3)
    mu, std = loss.location(feature), torch.log1p(torch.exp(loss.spread(feature)))
    value = 6 * math.log(2 * math.pi) / 2
    if distribution == "laplace":
        std = std * 0.1 + 1e-8
        value = value + torch.log(2 * std) + (mu - target).abs() / std
    else:
        std = std * 0.001 + 1e-8
        value = value + torch.log(std) / 2 + (mu - target) ** 2 / (2 * std)
    ours = loss(feature, target)
    assert ours.item() == pytest.approx(value.mean().item(), rel=1e-5)
    ours.backward()
    assert all(p.grad is not None and p.grad.any() for p in loss.parameters())


def test_vid_says_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"predicts \(1, 6, 3, 3\).*gives \(1, 4, 3, 3\)"):
        VIDLoss(4, 6)(torch.zeros(1, 4, 3, 3), torch.zeros(1, 4, 3, 3))
    with pytest.raises(ValueError, match="distribution='cauchy' is unknown"):
        VIDLoss(4, 6, "cauchy")


def test_adaptive_image_term_is_equation_2() -> None:
    torch.manual_seed(0)
    student, teacher, gt = (torch.rand(3, 3, 4, 4) for _ in range(3))
    gate = torch.tensor([1.0, 0.0, 1.0])
    total = 0.0
    for s, t, g, a in zip(student, teacher, gt, gate, strict=True):
        total += ((2 - a) * (s - g).abs().mean() + a * (s - t).abs().mean()).item()
    ours = AdaptivePixelLoss()(student, teacher, gt, gate)
    assert ours.item() == pytest.approx(total / (2 * 3), rel=1e-6)
    closed = AdaptivePixelLoss()(student, teacher, gt, torch.zeros(3))
    assert closed.item() == pytest.approx((student - gt).abs().mean().item(), rel=1e-6)


def test_output_difference_is_one_on_average_and_where_images_agree() -> None:
    student, teacher = torch.zeros(2, 3, 4, 6), torch.zeros(2, 3, 4, 6)
    teacher[0, :, :2, :2] = 1  # one of six pixels of the features
    like = torch.empty(2, 5, 2, 3)
    where = OutputDifference()(student, teacher, like)
    assert where.shape == (2, 1, 2, 3)
    assert where[0, 0].tolist() == [[6, 0, 0], [0, 0, 0]]
    assert where[1].unique().tolist() == [1.0]
    assert not OutputDifference()(student.requires_grad_(), teacher, like).requires_grad


def test_weighted_l1() -> None:
    torch.manual_seed(0)
    s, t, where = torch.rand(2, 3, 2, 2), torch.rand(2, 3, 2, 2), torch.rand(2, 1, 2, 2)
    ones = torch.ones(2, 1, 2, 2)
    assert torch.allclose(WeightedFeatureL1Loss()([s], [t], ones), FeatureL1Loss()([s], [t]))
    wanted = (
        sum(((s - t).abs()[n, c] * where[n, 0]).sum() for n in range(2) for c in range(3))
        / s.numel()
    )
    assert WeightedFeatureL1Loss()(s, t, where).item() == pytest.approx(wanted.item(), rel=1e-6)
    with pytest.raises(ValueError, match=r"is \(2, 1, 4, 4\), the features want \(2, 1, 2, 2\)"):
        WeightedFeatureL1Loss()(s, t, torch.ones(2, 1, 4, 4))


@pytest.mark.parametrize(("widths", "parameters"), [((64, 256), 279_812), ((64, 64), 20_804)])
def test_deep_regressor(widths: tuple[int, int], parameters: int) -> None:
    regressor = DeepRegressor(*widths)
    assert sum(p.numel() for p in regressor.parameters()) == parameters
    x = torch.randn(1, widths[0], 3, 3)
    changed = x.clone()
    changed[..., 1, 1] += 1
    difference = (regressor(x) - regressor(changed)).abs().sum(dim=(0, 1)) > 1e-6
    assert difference.nonzero().tolist() == [[1, 1]], "a pixel depends on itself alone"


@pytest.mark.parametrize("slope", [0.25, 0.0, -0.5, 1.0])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_activation_of_the_regressor_is_prelu(layout: torch.memory_format, slope: float) -> None:
    torch.manual_seed(0)
    factors, results = torch.randn(2, 3, 150, 150), []
    start = torch.randn(2, 3, 150, 150).contiguous(memory_format=layout)
    for module in (SharedPReLU(init=slope), torch.nn.PReLU(init=slope)):
        x = start.clone(memory_format=torch.preserve_format).requires_grad_()
        y = module(x * 1)
        (y * factors).sum().backward()
        results.append((y, x.grad, module.weight.grad))
    assert results[0][0].stride() == start.stride()
    for found, wanted in zip(*results, strict=True):
        assert torch.allclose(found, wanted, rtol=1e-4)


def test_activation_overwrites_what_a_layer_made_and_nothing_else() -> None:
    given = torch.randn(1, 2, 8, 8)
    kept = given.clone()
    SharedPReLU()(given)
    assert torch.equal(given, kept)
    made = given.requires_grad_() * 1
    assert SharedPReLU()(made).data_ptr() == made.data_ptr()
    assert list(SharedPReLU().state_dict()) == list(torch.nn.PReLU().state_dict())


def test_gate_that_is_always_open() -> None:
    assert AlwaysOne()(torch.rand(3, 3, 4, 4)).tolist() == [1, 1, 1]
