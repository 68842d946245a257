"""What is asked of every network of the package, registered today or later."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
import torch
from network_cases import SMALL, VARIANTS
from torch import Tensor, nn

from mmsrkd.models.networks import switch_to_deploy
from mmsrkd.registry import MODELS

NAMES = [f"{name}-{','.join(map(str, kwargs.values())) or 'default'}" for name, kwargs in VARIANTS]
EVERY = pytest.mark.parametrize(("name", "kwargs"), VARIANTS, ids=NAMES)


def build(name: str, kwargs: dict[str, Any], scale: int = 2) -> nn.Module:
    torch.manual_seed(0)
    return MODELS.build({"type": name, "scale": scale, **kwargs})


def image(height: int = 13, width: int = 17) -> Tensor:
    torch.manual_seed(1)
    return torch.rand(1, 3, height, width)


def relative_error(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).abs().max() / wanted.abs().max())


def test_every_registered_network_has_a_case() -> None:
    MODELS.get("SPAN")  # imports the locations
    registered = {
        name
        for name, cls in MODELS.module_dict.items()
        if cls.__module__.startswith("mmsrkd.models.networks")
    }
    assert registered == set(SMALL), "add a line to SMALL in network_cases.py"


@pytest.mark.parametrize("scale", [2, 3, 4])
@EVERY
@torch.no_grad()
def test_output_is_scale_times_any_size(name: str, kwargs: dict[str, Any], scale: int) -> None:
    network = build(name, kwargs, scale).eval()
    assert network.scale == scale
    for height, width in ((13, 17), (16, 7)):
        out = network(image(height, width))
        assert out.shape == (1, 3, height * scale, width * scale)
        assert torch.isfinite(out).all()


@EVERY
def test_gradient_reaches_every_parameter(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).train()
    x = image().requires_grad_()
    network(x).square().mean().backward()
    without = [
        key
        for key, parameter in network.named_parameters()
        if parameter.requires_grad and (parameter.grad is None or not parameter.grad.any())
    ]
    assert without == []


@EVERY
@torch.no_grad()
def test_fused_equals_unfused(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs)
    network.train()
    wanted = network(image())
    fused = switch_to_deploy(copy.deepcopy(network))
    assert relative_error(fused(image()), wanted) <= 1e-5
    assert relative_error(network.eval()(image()), wanted) == 0


@EVERY
@torch.no_grad()
def test_onnx_equals_torch(name: str, kwargs: dict[str, Any]) -> None:
    pytest.importorskip("onnx", reason="ONNX export needs the onnx package")
    runtime = pytest.importorskip("onnxruntime", reason="comparison needs onnxruntime")
    network = switch_to_deploy(build(name, kwargs, 3).eval())
    axes = {0: "n", 2: "h", 3: "w"}
    stream = io.BytesIO()
    torch.onnx.export(
        network,
        (image(),),
        stream,
        opset_version=17,
        dynamo=False,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": axes, "output": axes},
    )
    session = runtime.InferenceSession(stream.getvalue(), providers=["CPUExecutionProvider"])
    for x in (image(), image(19, 8).repeat(2, 1, 1, 1), image(2, 3)):
        (found,) = session.run(None, {"input": x.numpy()})
        wanted = network(x)
        assert found.shape == wanted.shape
        # The published SPAN scale keeps hundreds inside; small random weights do not divide it out.
        assert relative_error(torch.from_numpy(found), wanted) <= 1e-4


@EVERY
@torch.no_grad()
def test_channels_last_and_bfloat16(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).eval()
    wanted = network(image())
    last = network.to(memory_format=torch.channels_last)
    found = last(image().contiguous(memory_format=torch.channels_last))
    assert relative_error(found, wanted) <= 1e-5
    assert torch.isfinite(network.bfloat16()(image().bfloat16())).all()


@EVERY
@torch.no_grad()
def test_state_dict_round_trip(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).eval()
    torch.manual_seed(7)
    other = MODELS.build({"type": name, **kwargs}).eval()
    other.load_state_dict(network.state_dict())
    assert torch.equal(other(image()), network(image()))
    assert not any(key.endswith("mean") for key in network.state_dict())


@pytest.mark.parametrize("name", SMALL)
def test_unknown_argument_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="channel_count"):
        MODELS.build({"type": name, "channel_count": 8})


@pytest.mark.parametrize("scale", [0, 9, 2.0, "2"])
@pytest.mark.parametrize("name", SMALL)
def test_bad_scale_is_refused(name: str, scale: object) -> None:
    with pytest.raises(ValueError, match=rf"{name} cannot be built with scale=.*choose one of"):
        MODELS.build({"type": name, "scale": scale})
