"""What is exchanged in mmagic's networks has the value of what stood there."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
from pathlib import Path

import pytest
import torch

from mmsrkd.compat.mmagic_networks import EXCHANGED, channel_norm, exchange, window_mask
from mmsrkd.quantization.recording import record
from mmsrkd.registry import MODELS


def module_of(name: str):
    assert MODELS.get("NAFNet")  # mmagic is imported, by the repaired way, when it is first asked
    return importlib.import_module(f"mmagic.models.editors.{name}")


def stock(module: str) -> ast.Module:
    wanted = module.replace(".", "/") + ".py"
    files = importlib.metadata.files("mmagic") or []
    return ast.parse(Path(next(f for f in files if str(f) == wanted).locate()).read_text())


@pytest.mark.parametrize(
    ("module", "old"), [(m, old) for m, all_ in EXCHANGED.items() for old in all_]
)
def test_stock_still_has_it(module: str, old: str):
    assert old in ast.unparse(stock(module))


@pytest.mark.parametrize("module", EXCHANGED)
def test_everything_is_exchanged(module: str):
    repaired = ast.unparse(exchange(module, stock(module)))
    assert all(new in repaired for new in EXCHANGED[module].values())
    assert type(importlib.import_module(module).__loader__).__name__ == "RepairingLoader"


def test_channel_norm_is_nafnets_with_its_gradients():
    stock_norm = module_of("nafnet.naf_layerNorm2d").LayerNormFunction
    found = []
    for norm in (channel_norm, stock_norm.apply):
        torch.manual_seed(0)
        inputs = [torch.randn(2, 6, 5, 7), torch.randn(6), torch.randn(6)]
        for tensor in inputs:
            tensor.requires_grad_()
        out = norm(*inputs, 1e-6)
        out.square().sum().backward()
        found.append([out, *(tensor.grad for tensor in inputs)])
    torch.testing.assert_close(found[0], found[1], rtol=1e-5, atol=1e-4)


def test_norm_of_restormer_is_its_own():
    module = module_of("restormer.restormer_net")
    norm = module.LayerNorm(6, "WithBias").body
    own = module.WithBias_LayerNorm(6)
    own.load_state_dict({"weight": torch.randn(6), "bias": torch.randn(6)})
    norm.load_state_dict(own.state_dict())
    x = torch.randn(2, 35, 6)
    torch.testing.assert_close(norm(x), own(x))


@pytest.mark.parametrize("name", ["nafnet.naf_layerNorm2d", "restormer.restormer_net"])
def test_no_sum_of_a_variance_is_there_to_be_rounded(name: str):
    module = module_of(name)
    norm = (
        module.LayerNorm2d(6)
        if "nafnet" in name
        else module.LayerNorm(6, LayerNorm_type="WithBias")
    )
    kinds = {op.kind for op in record(norm, [torch.rand(1, 6, 5, 7)]).ops.values()}
    assert kinds == {"move", "other"}


@pytest.mark.parametrize("size", [(8, 8), (16, 24), (40, 8)])
@pytest.mark.parametrize("shift", [1, 4])
def test_window_mask_is_swinirs(size: tuple[int, int], shift: int):
    block = module_of("swinir.swinir_rstb").SwinTransformerBlock(
        4, (16, 16), num_heads=1, window_size=8, shift_size=shift
    )
    mask = window_mask(torch.zeros(1), size, 8, shift)
    assert mask is not None
    assert torch.equal(mask, block.calculate_mask(size))


def test_no_mask_without_a_shift_where_swinirs_is_of_zeros():
    block = module_of("swinir.swinir_rstb").SwinTransformerBlock(
        4, (16, 16), num_heads=1, window_size=8
    )
    assert not block.calculate_mask((16, 24)).any()
    assert window_mask(torch.zeros(1), (16, 24), 8, 0) is None


def test_windows_of_several_images_come_back():
    module = module_of("swinir.swinir_utils")
    x = torch.rand(3, 8, 12, 5)
    assert torch.equal(module.window_reverse(module.window_partition(x, 4), 4, 8, 12), x)


@pytest.mark.parametrize("size", [(16, 24), (17, 31)])
def test_restormer_pads_to_multiples_of_8(size: tuple[int, int]):
    config = {"dim": 4, "num_blocks": [1] * 4, "heads": [1] * 4, "num_refinement_blocks": 1}
    network = MODELS.build({"type": "Restormer", **config}).eval()
    seen = []
    network.patch_embed.register_forward_pre_hook(lambda _, args: seen.append(args[0].shape))
    assert network(torch.rand(1, 3, *size)).shape == (1, 3, *size)
    assert seen == [(1, 3, *(-(-side // 8) * 8 for side in size))]
