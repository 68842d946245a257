from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from mmsrkd.quantization import patches
from mmsrkd.quantization.patches import patches_of

TRANSPOSED = [
    {"stride": 1},
    {"stride": 2, "padding": 1},
    {"stride": 3, "padding": (0, 2), "output_padding": (1, 2)},
    {"stride": (2, 1), "padding": 3},  # more than the kernel's side less one: the border is cut
]


@pytest.mark.parametrize("call", TRANSPOSED, ids=str)
def test_transposed_outputs_are_patches_times_weights(call):
    torch.manual_seed(0)
    x, weight = torch.randn(2, 3, 5, 7), torch.randn(3, 4, 3, 3)
    found = patches_of("conv_transpose2d", [x, weight], call)
    assert found is not None
    wanted = functional.conv_transpose2d(x, weight, **call)
    got = weight.transpose(0, 1).flatten(1) @ found[0]
    assert got.shape[1] == wanted[:, 0].numel()
    # the outputs come in an order of their own
    wanted = wanted.transpose(0, 1).flatten(1)
    assert torch.allclose(got.sort(dim=1).values, wanted.sort(dim=1).values, atol=1e-5)


def test_no_more_outputs_than_wanted(monkeypatch):
    monkeypatch.setattr(patches, "PATCHES", 50)
    x, weight = torch.randn(1, 2, 12, 12), torch.randn(2, 3, 4, 4)
    found = patches_of("conv_transpose2d", (x, weight, None, 2, 1), {})
    assert found is not None
    assert found.shape == (1, 32, 50)
    # all of a kernel's four parts are met
    assert (found[0].reshape(2, 4, 4, 50).abs().sum(dim=(0, 3)) > 0).all()


@pytest.mark.parametrize("call", [{"groups": 2}, {"dilation": 2}], ids=str)
def test_what_is_not_taken_apart(call):
    x, weight = torch.randn(1, 4, 6, 6), torch.randn(4, 2, 3, 3)
    assert patches_of("conv_transpose2d", [x, weight], call) is None
    assert patches_of("conv2d", [x, weight.transpose(0, 1)], {"padding": "same"}) is None
