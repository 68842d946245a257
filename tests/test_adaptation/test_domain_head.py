from __future__ import annotations

import pytest
import torch
from torch import nn

from mmsrkd.adaptation import DomainHead, PatchDomainClassifier

pytestmark = pytest.mark.usefixtures("scope")


def head(strength: float = 1.0, **channels: int) -> DomainHead:
    torch.manual_seed(0)
    made = DomainHead(channels or {"trunk": 4}, {"type": "PatchDomainClassifier", "width": 8})
    made.reversal.set(strength)
    return made


def test_a_logit_for_every_patch_and_no_batch_statistics() -> None:
    classifier = PatchDomainClassifier(4, width=8)
    features = torch.randn(3, 4, 13, 21)
    logits = classifier(features)
    assert logits.shape == (3, 1, 4, 6)
    assert not any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in classifier.modules())
    torch.testing.assert_close(classifier(features[:1]), logits[:1])


def test_learns_while_the_features_are_pushed_the_other_way() -> None:
    """One step down its own loss for the classifier; one step up for the features."""
    made = head(0.5)
    source, target = torch.randn(2, 4, 8, 8) - 1, torch.randn(2, 4, 8, 8) + 1
    optimiser = torch.optim.Adam(made.parameters(), lr=1e-2)
    first = None
    for _ in range(30):
        optimiser.zero_grad()
        loss, accuracy = made({"trunk": source}, {"trunk": target})
        first = loss.item() if first is None else first
        loss.backward()
        optimiser.step()
    assert loss < 0.2 * first
    assert accuracy == 1

    made = head(0.5)
    source.requires_grad_()
    loss, _ = made({"trunk": source}, {"trunk": target})
    loss.backward()
    with torch.no_grad():
        after, _ = made({"trunk": source - 0.1 * source.grad}, {"trunk": target})
    assert after > loss


def test_undecided_is_log_two_and_half() -> None:
    """Both domains count alike, whatever their sizes; taps are averaged."""
    made = head(1.0, near=4, far=6)
    for classifier in made.classifiers.values():
        nn.init.zeros_(classifier.layers[-1].weight)
        nn.init.zeros_(classifier.layers[-1].bias)
    source = {"near": torch.randn(2, 4, 8, 8), "far": torch.randn(2, 6, 4, 4)}
    target = {"near": torch.randn(2, 4, 16, 8), "far": torch.randn(2, 6, 9, 9)}
    loss, accuracy = made(source, target)
    assert loss.item() == pytest.approx(0.6931472)
    assert accuracy == 0.5


def test_no_tap() -> None:
    with pytest.raises(ValueError, match=r"adapt.taps is empty; name at least one feature"):
        DomainHead({}, {"type": "PatchDomainClassifier"})
