from __future__ import annotations

import copy

import pytest
import torch

from mmsrkd.models.networks import LGRNet
from mmsrkd.quantization import build_scheme, calibrate, quantize, quantizer_of, sensitivity

from .networks import images


@pytest.fixture
def pair():
    """A float network and its copy with one weight of few bits."""
    torch.manual_seed(0)
    network = LGRNet(channels=8, num_blocks=1).eval()
    few = [{"pattern": "upsampler.0", "weight_bits": 2}]
    rounded = quantize(copy.deepcopy(network), build_scheme("openvino", overrides=few))
    return network, calibrate(rounded, images())


def error_between(network, rounded):
    @torch.no_grad()
    def error() -> float:
        return float(sum((network(x) - rounded(x)).square().mean() for x in images()))

    return error


def test_what_rounds_coarsely_comes_first(pair):
    error = error_between(*pair)
    together = error()
    costs = sensitivity(pair[1], error)
    modules = quantizer_of(pair[1]).by_name()
    assert {cost.name for cost in costs} == set(modules)
    first = costs[0]
    assert (first.name, first.weight, first.takers) == (
        "upsampler.0.weight", True, ("upsampler.0",),
    )  # fmt: skip
    assert [cost.error for cost in costs] == sorted((c.error for c in costs), reverse=True)
    assert sum(cost.share for cost in costs) == pytest.approx(1)
    # the picture has 8 bits already
    (picture,) = (cost for cost in costs if cost.name == "image:out")
    assert (picture.error < 1e-12, picture.takers[0]) == (True, "head.0")
    # everything rounds again, as before
    assert error() == together
    for name, module in modules.items():
        module.quantising = name == first.name
    assert error() == first.error


def test_switches_are_put_back_after_an_error(pair):
    def fail() -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sensitivity(pair[1], fail)
    assert all(module.quantising for module in quantizer_of(pair[1]).by_name().values())
