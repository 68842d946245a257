from __future__ import annotations

import itertools

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.distillation import ChannelGroupMean, OrthogonalProjection


def test_group_mean_averages_neighbouring_channels_and_pixels() -> None:
    x = torch.arange(2 * 4 * 2 * 2.0).view(2, 4, 2, 2)
    pooled = ChannelGroupMean()(x, torch.zeros(2, 2, 1, 1))
    assert torch.equal(pooled, x.view(2, 2, 2 * 4).mean(-1).view(2, 2, 1, 1))


def test_group_mean_is_the_identity_for_equal_shapes() -> None:
    x = torch.randn(2, 4, 3, 5)
    assert ChannelGroupMean()(x, torch.zeros_like(x)) is x


def test_group_mean_cannot_enlarge() -> None:
    with pytest.raises(ValueError, match=r"cannot enlarge \(2, 4, 4\) to \(3, 4, 4\).*Conv1x1"):
        ChannelGroupMean()(torch.zeros(1, 2, 4, 4), torch.zeros(1, 3, 4, 4))


def test_projection_keeps_orthonormal_rows_while_it_learns() -> None:
    projection = OrthogonalProjection(6, 3, learnt=True)
    optimiser = torch.optim.SGD(projection.parameters(), lr=1.0)
    for _ in range(3):
        optimiser.zero_grad()
        projection(torch.randn(1, 6, 4, 4)).square().mean().backward()
        optimiser.step()
    rows = projection.projection.weight
    assert torch.allclose(rows @ rows.T, torch.eye(3), atol=1e-5)


def test_fixed_projection_has_nothing_to_train() -> None:
    assert not any(p.requires_grad for p in OrthogonalProjection(6, 3).parameters())
    with pytest.raises(ValueError, match="4 orthonormal rows do not fit into 3"):
        OrthogonalProjection(3, 4)


@pytest.mark.parametrize(("channels", "target"), [(48, 24), (48, 16), (48, 32), (6, 6), (10, 4)])
def test_group_mean_is_adaptive_pooling_in_either_layout(channels: int, target: int) -> None:
    x, like = torch.rand(2, channels, 5, 7), torch.rand(2, target, 5, 7)
    wanted = F.adaptive_avg_pool3d(x.unsqueeze(1), like.shape[1:]).squeeze(1)
    layouts = (torch.contiguous_format, torch.channels_last)
    for ours, theirs in itertools.product(layouts, layouts):
        pattern = like.contiguous(memory_format=theirs)
        found = ChannelGroupMean()(x.contiguous(memory_format=ours), pattern)
        assert torch.allclose(found, wanted, atol=1e-6)
        if target != channels:
            assert found.is_contiguous(memory_format=theirs), "what follows meets one layout"
