"""What is asked of every network of the package, registered today or later."""

from __future__ import annotations

import copy
import io
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from network_cases import NEEDS_A_FILE, SCALES, SMALL, VARIANTS
from torch import Tensor, nn

from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.checkpoints.students import build_published
from mmsrkd.models.networks import switch_to_deploy
from mmsrkd.registry import MODELS

NAMES = [f"{name}-{','.join(map(str, kwargs.values())) or 'default'}" for name, kwargs in VARIANTS]
EVERY = pytest.mark.parametrize(("name", "kwargs"), VARIANTS, ids=NAMES)


def build(name: str, kwargs: dict[str, Any], scale: int = 2) -> nn.Module:
    torch.manual_seed(0)
    scale_argument = {} if name in SCALES else {"scale": scale}
    return MODELS.build({"type": name, **scale_argument, **kwargs})


def image(network: nn.Module, height: int = 13, width: int = 17) -> Tensor:
    """A random batch of one, enlarged to what the network asks for at least."""
    torch.manual_seed(1)
    least = getattr(network, "min_side", 1)
    channels = getattr(network, "in_channels", 3)
    return torch.rand(1, channels, max(height, least), max(width, least))


def outputs(network: nn.Module, x: Tensor) -> tuple[Tensor, ...]:
    """What the network returns; some return several scales while training."""
    out = network(x)
    return out if isinstance(out, tuple) else (out,)


def relative_error(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).abs().max() / wanted.abs().max())


def test_every_registered_network_has_a_case() -> None:
    MODELS.get("SPAN")  # imports the locations
    registered = {
        name
        for name, cls in MODELS.module_dict.items()
        if cls.__module__.startswith("mmsrkd.models.networks")
    }
    assert registered == set(SMALL) | set(NEEDS_A_FILE), "add a line to SMALL in network_cases.py"


@pytest.mark.parametrize("scale", [2, 3, 4])
@EVERY
@torch.no_grad()
def test_output_is_scale_times_any_size(name: str, kwargs: dict[str, Any], scale: int) -> None:
    scale = SCALES.get(name, (scale,))[0]
    network = build(name, kwargs, scale).eval()
    assert network.scale == scale
    for size in ((13, 17), (16, 7)):
        x = image(network, *size)
        out = network(x)
        assert out.shape == (*x.shape[:2], x.shape[2] * scale, x.shape[3] * scale)
        assert torch.isfinite(out).all()


@EVERY
def test_what_does_not_fit_is_refused(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).eval()
    if name == "Bicubic":
        pytest.skip("takes any number of channels and any size")
    channels = getattr(network, "in_channels", 3)
    wrong = torch.rand(1, 3 if channels == 1 else 1, 20, 20)
    with pytest.raises(ValueError, match=rf"takes .*{channels} channel.* got {wrong.shape[1]}"):
        network(wrong)
    least = getattr(network, "min_side", 1)
    if least > 1:
        with pytest.raises(ValueError, match=rf"at least {least}x{least} pixels and got"):
            network(torch.rand(1, channels, least, least - 1))


# What a Sobel or Laplace filter is given besides the image, a constant, it sums up to nothing.
WITHOUT_EFFECT = re.compile(r"conv1x1_(sbx|sby|lpl)\.b0$")


@EVERY
def test_gradient_reaches_every_parameter(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).train()
    x = image(network).requires_grad_()
    torch.stack([out.square().mean() for out in outputs(network, x)]).sum().backward()
    without = [
        key
        for key, parameter in network.named_parameters()
        if parameter.requires_grad and (parameter.grad is None or not parameter.grad.any())
    ]
    assert [key for key in without if not WITHOUT_EFFECT.search(key)] == []


@EVERY
@torch.no_grad()
def test_fused_equals_unfused(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs)
    x = image(network)
    wanted = outputs(network.train(), x)[-1]
    fused = switch_to_deploy(copy.deepcopy(network)).eval()
    assert relative_error(fused(x), wanted) <= 1e-5
    assert relative_error(network.eval()(x), wanted) == 0


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
        (image(network),),
        stream,
        opset_version=17,
        dynamo=False,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": axes, "output": axes},
    )
    session = runtime.InferenceSession(stream.getvalue(), providers=["CPUExecutionProvider"])
    for size in ((13, 17), (19, 8), (2, 3)):
        x = image(network, *size).repeat(2, 1, 1, 1)
        (found,) = session.run(None, {"input": x.numpy()})
        wanted = network(x)
        assert found.shape == wanted.shape
        # The published SPAN scale keeps hundreds inside; small random weights do not divide it out.
        assert relative_error(torch.from_numpy(found), wanted) <= 1e-4


@EVERY
@torch.no_grad()
def test_channels_last_and_bfloat16(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).eval()
    x = image(network)
    wanted = network(x)
    last = network.to(memory_format=torch.channels_last)
    found = last(x.contiguous(memory_format=torch.channels_last))
    assert relative_error(found, wanted) <= 1e-5
    assert torch.isfinite(network.bfloat16()(x.bfloat16())).all()


@EVERY
@torch.no_grad()
def test_state_dict_round_trip(name: str, kwargs: dict[str, Any]) -> None:
    network = build(name, kwargs).eval()
    torch.manual_seed(7)
    other = MODELS.build({"type": name, **kwargs}).eval()
    other.load_state_dict(network.state_dict())
    x = image(network)
    assert torch.equal(other(x), network(x))
    assert not any(key.endswith("mean") for key in network.state_dict())


@EVERY
@torch.no_grad()
def test_torchscript_and_compile_without_graph_break(name: str, kwargs: dict[str, Any]) -> None:
    network = switch_to_deploy(build(name, kwargs)).eval()
    x = image(network)
    wanted = network(x)
    assert relative_error(torch.jit.script(network)(x), wanted) <= 1e-5
    torch.compiler.reset()
    compiled = torch.compile(network, fullgraph=True, backend="eager")
    assert relative_error(compiled(x), wanted) <= 1e-5


@EVERY
@torch.no_grad()
def test_published_file_builds_the_network_again(
    name: str, kwargs: dict[str, Any], tmp_path: Path
) -> None:
    network = switch_to_deploy(build(name, kwargs)).eval()
    state = dict(network.state_dict())
    if not state:
        pytest.skip(f"{name} has no weights to publish")
    config = {"type": name, **({} if name in SCALES else {"scale": 2}), **kwargs}
    deploy = {"deploy": True} if any(".eval_conv." in key for key in state) else {}
    path = tmp_path / "network.safetensors"
    write_network(path, state, network_metadata({**config, **deploy}, state, {}))
    again = build_published(path)
    x = image(network)
    assert torch.equal(again(x), network(x))


@pytest.mark.parametrize("name", SMALL)
def test_unknown_argument_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="channel_count"):
        MODELS.build({"type": name, "channel_count": 8})


@pytest.mark.parametrize("scale", [0, 9, 2.0, "2"])
@pytest.mark.parametrize("name", [name for name in SMALL if name not in SCALES])
def test_bad_scale_is_refused(name: str, scale: object) -> None:
    with pytest.raises(ValueError, match=rf"{name} cannot be built with scale=.*choose one of"):
        MODELS.build({"type": name, "scale": scale})
