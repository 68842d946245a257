from __future__ import annotations

import io

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.models.networks import SAFMN
from mmsrkd.models.networks.blocks import divided_max_pool, enlarge_nearest
from mmsrkd.models.networks.safmn import AttBlock


@torch.no_grad()
def test_block_equals_its_equation() -> None:
    block, x = AttBlock(8, 2.0), torch.randn(1, 8, 19, 26)
    for parameter in block.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    state = block.state_dict()

    def norm(name: str, t: torch.Tensor) -> torch.Tensor:
        weight, bias = state[f"{name}.weight"], state[f"{name}.bias"]
        return F.layer_norm(t.permute(0, 2, 3, 1), (8,), weight, bias, 1e-6).permute(0, 3, 1, 2)

    def conv(name: str, t: torch.Tensor, groups: int = 1) -> torch.Tensor:
        weight = state[f"{name}.weight"]
        half = weight.shape[-1] // 2
        return F.conv2d(t, weight, state[f"{name}.bias"], padding=half, groups=groups)

    normed = norm("norm1", x)
    levels = []
    for level in range(4):
        part = normed[:, 2 * level : 2 * level + 2]
        part = F.adaptive_max_pool2d(part, (19 // 2**level, 26 // 2**level))
        part = conv(f"safm.mfr.{level}", part, groups=2)
        levels.append(F.interpolate(part, size=(19, 26), mode="nearest"))
    h = x + F.gelu(conv("safm.aggr", torch.cat(levels, 1))) * normed
    wanted = h + conv("ccm.ccm.2", F.gelu(conv("ccm.ccm.0", norm("norm2", h))))
    assert torch.allclose(block(x), wanted, atol=1e-4)


@pytest.mark.parametrize("divisor", [2, 4, 8])
def test_pooling_gathered_for_export_is_adaptive_pooling(
    divisor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [torch.randn(1, 2, size, 100 - size) for size in range(divisor, 92)]
    wanted = [divided_max_pool(image, divisor) for image in images]
    monkeypatch.setattr(torch.jit, "is_tracing", lambda: True)
    for image, one in zip(images, wanted, strict=True):
        assert torch.equal(divided_max_pool(image, divisor), one), image.shape


def test_enlarging_by_index_for_export_is_interpolate(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [(size, size // divisor) for size in range(8, 1200) for divisor in (2, 4, 8)]
    images = [torch.arange(float(small)).view(1, 1, -1, 1) for _, small in sizes]
    wanted = [enlarge_nearest(x, (large, 1)) for x, (large, _) in zip(images, sizes, strict=True)]
    monkeypatch.setattr(torch.jit, "is_tracing", lambda: True)
    for x, (large, _), one in zip(images, sizes, wanted, strict=True):
        assert torch.equal(enlarge_nearest(x, (large, 1)), one), large


@torch.no_grad()
def test_export_at_sizes_where_runtimes_round_differently() -> None:
    pytest.importorskip("onnx", reason="ONNX export needs the onnx package")
    runtime = pytest.importorskip("onnxruntime", reason="comparison needs onnxruntime")
    network, stream = SAFMN(channels=4, num_blocks=1).eval(), io.BytesIO()
    axes = {"input": {2: "h", 3: "w"}}
    torch.onnx.export(
        network,
        (torch.rand(1, 3, 16, 16),),
        stream,
        opset_version=17,
        dynamo=False,
        input_names=["input"],
        dynamic_axes=axes,
    )
    session = runtime.InferenceSession(stream.getvalue(), providers=["CPUExecutionProvider"])
    x = torch.rand(1, 3, 114, 171)
    (found,) = session.run(None, {"input": x.numpy()})
    assert torch.allclose(torch.from_numpy(found), network(x), atol=1e-5)


def test_bad_arguments_are_explained() -> None:
    with pytest.raises(ValueError, match="channels to be a multiple of 4, got 30"):
        SAFMN(channels=30)
    with pytest.raises(ValueError, match="num_blocks >= 1, got 36 and 0"):
        SAFMN(num_blocks=0)
