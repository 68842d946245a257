from __future__ import annotations

import torch

from mmsrkd.models.networks import LGRNet
from mmsrkd.quantization import build_scheme, calibrate, quantize, quantizer_of, take_percentile

from .networks import images


def calibrated(share: float) -> torch.nn.Module:
    torch.manual_seed(0)
    network = LGRNet(channels=8, num_blocks=1).eval()
    scheme = build_scheme("cpu", calibration="percentile", percentile=share)
    return calibrate(quantize(network, scheme), images())


def test_another_percentile_is_taken_as_if_calibrated_so() -> None:
    taken, anew = calibrated(0.9), calibrated(0.99)
    take_percentile(taken, 0.99)
    assert quantizer_of(taken).scheme == quantizer_of(anew).scheme
    expected, got = anew.state_dict(), taken.state_dict()
    assert all(torch.equal(expected[key], got[key]) for key in expected)
    assert not torch.equal(got["quantizer.spots.add_0.scale"], torch.ones(1))
