from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from mmengine.config import Config

from mmsrkd.apis.train import train
from mmsrkd.models.losses import (
    AdversarialLoss,
    GradientPyramid,
    ImageFeatureLoss,
    TotalVariationLoss,
)
from mmsrkd.registry import MODELS
from tests import tiny

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.usefixtures("scope")
DISCRIMINATOR = {"type": "UNetDiscriminatorWithSpectralNorm", "in_channels": 3, "mid_channels": 4}


def test_each_side_gets_its_own_gradient() -> None:
    torch.manual_seed(0)
    loss = AdversarialLoss(DISCRIMINATOR).eval()  # spectral norms stand still
    student, real = torch.rand(2, 3, 16, 16, requires_grad=True), torch.rand(2, 3, 16, 16)
    loss(student, real).backward()
    found = {name: p.grad.clone() for name, p in loss.discriminator.named_parameters()}
    seen = student.grad.clone()

    scores = loss.discriminator
    loss.zero_grad()
    ones = torch.ones_like(scores(real))
    right = F.binary_cross_entropy_with_logits(scores(real), ones)
    wrong = F.binary_cross_entropy_with_logits(scores(student.detach()), 0 * ones)
    ((right + wrong) / 2).backward()
    for name, parameter in scores.named_parameters():
        assert torch.allclose(found[name], parameter.grad, atol=1e-7), name
    student.grad = None
    (5e-3 * F.binary_cross_entropy_with_logits(scores(student), ones)).backward()
    assert torch.allclose(seen, student.grad, atol=1e-8)


def test_discriminator_learns_with_the_students_optimiser() -> None:
    torch.manual_seed(0)
    loss = AdversarialLoss(DISCRIMINATOR)
    optimiser = torch.optim.Adam(loss.parameters(), lr=1e-2)
    grey, noise = torch.full((2, 3, 16, 16), 0.5), torch.rand(2, 3, 16, 16)
    for _ in range(20):
        optimiser.zero_grad()
        loss(grey, noise).backward()
        optimiser.step()
    scores = [loss.discriminator(x).mean().item() for x in (noise, grey)]
    assert scores[0] > scores[1] + 0.5


def test_perceptual_is_the_weighted_sum_over_maps() -> None:
    torch.manual_seed(0)
    a, b = torch.rand(1, 3, 8, 8), torch.rand(1, 3, 8, 8)
    features = {"type": "GradientPyramid", "levels": 2}
    maps = zip(GradientPyramid(2)(a), GradientPyramid(2)(b), strict=True)
    expected = sum(w * (x - y).abs().mean() for w, (x, y) in zip((0.5, 2.0), maps, strict=True))
    found = ImageFeatureLoss(features, [0.5, 2.0])(a, b)
    assert found.item() == pytest.approx(expected.item(), rel=1e-5)
    with pytest.raises(ValueError, match="2 feature maps but 1 map_weights"):
        ImageFeatureLoss(features, [1.0])(a, b)


def test_variation_is_mmagics_with_a_mask_of_ones() -> None:
    x = torch.rand(2, 3, 7, 5)
    expected = MODELS.build({"type": "MaskedTVLoss"})(x, torch.ones(2, 1, 7, 5))
    assert TotalVariationLoss()(x).item() == pytest.approx(expected.item(), rel=1e-5)


def test_all_terms_train_in_one_student(tmp_path: Path) -> None:
    block = Config.fromfile(ROOT / "configs/_base_/distill/perceptual_kd.py").model
    generator = {"type": "SPAN", "channels": 12, "num_blocks": 2, "scale": 2}
    block.distill.teachers.teacher = {
        "generator": generator,
        "checkpoint": tiny.teacher_checkpoint(tmp_path),
    }
    model = {**tiny.model_config(block.distill.to_dict()), "pixel_loss": block.pixel_loss}
    runner = train(tiny.train_config(tmp_path, model, steps=2))
    logged = {name.removeprefix("train/") for name in runner.message_hub.log_scalars}
    terms = {"label", "teacher", "perceptual", "variation", "gan"}
    assert {f"loss_{term}" for term in terms} <= logged
    moments = runner.optim_wrapper.optimizer.state
    assert all(moments[p]["exp_avg"].any() for p in runner.model.distill.parameters())
