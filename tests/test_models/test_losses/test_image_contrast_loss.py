from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torchvision.models import vgg

from mmsrkd.models.losses import GradientPyramid, ImageContrastLoss, VGG19Features


def test_ratio_equals_the_formula() -> None:
    torch.manual_seed(0)
    student, teacher, lr = (torch.rand(3, 3, n, n) for n in (16, 16, 8))
    student.requires_grad_()
    teacher.requires_grad_()
    weights = (0.5, 2.0)
    loss = ImageContrastLoss({"type": "GradientPyramid", "levels": 2}, weights, negatives=2)
    found = loss(student, teacher, lr)
    negatives = F.interpolate(lr[:2], size=(16, 16), mode="bicubic").clamp(0, 1)
    phi, expected = GradientPyramid(2), 0.0
    for level, weight in enumerate(weights):
        s, t, n = (phi(x)[level] for x in (student, teacher, negatives))
        far = sum((s - n[k]).abs().mean() for k in range(2))
        expected += weight * ((s - t).abs().mean() / far).item()
    assert found.item() == pytest.approx(expected, rel=1e-5)
    found.backward()
    assert student.grad is not None
    assert teacher.grad is None
    assert loss(teacher.detach(), teacher, lr).item() == 0


def test_pyramid_shapes_and_differences() -> None:
    ramp = torch.arange(8.0).expand(1, 1, 8, 8)
    maps = GradientPyramid(3)(ramp)
    assert [tuple(m.shape) for m in maps] == [(1, 3, 8, 8), (1, 3, 4, 4), (1, 3, 2, 2)]
    assert maps[0][0, 1, 0].tolist() == [1.0] * 7 + [0.0]
    assert maps[1][0, 1, 0].tolist() == [2.0] * 3 + [0.0]
    assert not maps[0][0, 2].any()
    with pytest.raises(ValueError, match="3 levels need images of 4x4"):
        GradientPyramid(3)(ramp[..., :3])


def vgg_file(folder: Path, depth: int) -> Path:
    torch.manual_seed(0)
    state = vgg.make_layers(vgg.cfgs["E"])[:depth].state_dict()
    path = folder / "vgg.pth"
    named = {f"features.{name}": value for name, value in state.items()}
    torch.save({**named, "classifier.0.bias": torch.zeros(2)}, path)
    return path


def test_vgg_from_a_local_file(tmp_path: Path) -> None:
    path = vgg_file(tmp_path, 7)
    layers = ("relu1_1", "relu2_1")
    features = VGG19Features(str(path), layers, image_range=255.0, normalise=False)
    network = vgg.make_layers(vgg.cfgs["E"])[:7]
    state = torch.load(path)
    del state["classifier.0.bias"]
    network.load_state_dict({k.removeprefix("features."): v for k, v in state.items()})
    x = torch.rand(1, 3, 8, 8)
    maps = features(x)
    assert torch.allclose(maps[1], network(255 * x))
    assert torch.allclose(maps[0], network[:2](255 * x))
    assert not features.state_dict(), "not into every checkpoint"
    assert not list(features.parameters())


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"vgg19-dcbb9e9d.pth there .*GradientPyramid"):
        VGG19Features(str(tmp_path / "nothing.pth"))
    with pytest.raises(ValueError, match=r"no features\.5\.weight; is it torchvision's VGG-19"):
        VGG19Features(str(vgg_file(tmp_path, 4)), ("relu2_1",))
    with pytest.raises(ValueError, match="no layer is called relu9_9"):
        VGG19Features("x", ("relu9_9",))
    loss = ImageContrastLoss({"type": "GradientPyramid", "levels": 2})
    images = torch.rand(1, 3, 8, 8)
    with pytest.raises(ValueError, match="2 feature maps but 5 tap_weights"):
        loss(images, images, images)
