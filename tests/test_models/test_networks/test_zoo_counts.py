"""Every network of the zoo is as big as the published one."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from zoo_table import MIMO_UNET, TABLE, TAKDSR_GFLOPS, Row

from mmsrkd.apis.complexity import gmacs
from mmsrkd.models.networks import count_parameters, switch_to_deploy
from mmsrkd.registry import MODELS

CASES = [
    pytest.param(row, scale, id=f"{row.network}-{number}-x{scale}")
    for number, row in enumerate(TABLE)
    for scale in row.parameters
]


def build(network: str, **kwargs: Any) -> torch.nn.Module:
    with torch.device("meta"):
        return MODELS.build({"type": network, **kwargs}).eval()


@pytest.mark.parametrize(("row", "scale"), CASES)
def test_parameters_and_macs(row: Row, scale: int) -> None:
    network = build(row.network, scale=scale, **row.kwargs)
    if scale in row.train_parameters:
        assert count_parameters(network, as_published=True) == row.train_parameters[scale]
    switch_to_deploy(network)
    assert count_parameters(network) == row.parameters[scale]
    if scale in row.gmacs:
        found = gmacs(network, output=(720, 1280))
        assert round(found, row.digits) == pytest.approx(row.gmacs[scale])


@pytest.mark.parametrize(("name", "kwargs", "published"), TAKDSR_GFLOPS)
def test_flops_of_takdsr(name: str, kwargs: dict[str, Any], published: tuple[float, ...]) -> None:
    found = gmacs(build(name, scale=2, **kwargs), output=(720, 1280), count_relu=True)
    assert round(found, 2) in published


@pytest.mark.parametrize(("kwargs", "parameters", "macs"), MIMO_UNET)
def test_mimo_unet(kwargs: dict[str, Any], parameters: int, macs: float | None) -> None:
    network = build("MIMOUNet", **kwargs)
    assert count_parameters(network) == parameters
    if macs is not None:
        assert round(gmacs(network, output=(256, 256)), 1) == macs
