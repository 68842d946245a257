from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F

from mmsrkd.checkpoints.errors import UnsafeCheckpointError
from mmsrkd.models.distillation.teachers import FrozenTeacher
from mmsrkd.models.networks import RCAN, SAFMN, SPAN, SpandrelNet
from mmsrkd.registry import MODELS

spandrel = pytest.importorskip("spandrel", reason="SpandrelNet needs the optional package spandrel")


def saved(path: Path, state: dict[str, Any]) -> Path:
    torch.save({"params": state}, path)
    return path


@pytest.fixture
def safmn(tmp_path: Path) -> tuple[SAFMN, Path]:
    """A small SAFMN and its file; spandrel pads it to multiples of 8."""
    source = SAFMN(channels=8, num_blocks=1, scale=3).eval()
    return source, saved(tmp_path / "safmn.pth", source.state_dict())


@torch.no_grad()
@pytest.mark.parametrize("size", [(16, 24), (13, 9), (3, 20), (1, 1)])
def test_sizes_are_padded_and_cropped(safmn: tuple[SAFMN, Path], size: tuple[int, int]) -> None:
    source, path = safmn
    network = MODELS.build({"type": "SpandrelNet", "path": str(path), "scale": 3}).eval()
    assert (network.scale, network.in_channels) == (3, 3)
    x = torch.rand(2, 3, *size)
    height, width = size
    right, down = -width % 8, -height % 8
    most = min(right, width - 1), min(down, height - 1)  # a reflection adds no more than that
    padded = F.pad(x, (0, most[0], 0, most[1]), mode="reflect")
    padded = F.pad(padded, (0, right - most[0], 0, down - most[1]), mode="replicate")
    wanted = source(padded)[:, :, : 3 * height, : 3 * width]
    assert torch.allclose(network(x), wanted, atol=1e-5)


@torch.no_grad()
def test_other_architectures_and_safetensors(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    x = torch.rand(1, 3, 9, 7)
    span = SPAN(channels=8, scale=2).eval()
    official = dict(span.state_dict())
    for name, block in span.named_modules():  # the frozen copies that official files carry
        if hasattr(block, "merge"):
            weight, bias = block.merge(dict(span.state_dict()), f"{name}.")
            official[f"{name}.eval_conv.weight"] = weight.float().contiguous()
            official[f"{name}.eval_conv.bias"] = bias.float().contiguous()
    save_file(official, str(tmp_path / "span.safetensors"))
    network = SpandrelNet(tmp_path / "span.safetensors").eval()
    assert network.architecture == "SPAN"
    assert torch.allclose(network(x), span(x), rtol=1e-3, atol=1e-2)
    rcan = RCAN(channels=8, num_groups=2, num_blocks=2, reduction=4, scale=4).eval()
    assert SpandrelNet(saved(tmp_path / "rcan.pth", rcan.state_dict())).scale == 4


def test_gradients_copies_and_training_work_as_in_any_network(safmn: tuple[SAFMN, Path]) -> None:
    network = copy.deepcopy(SpandrelNet(safmn[1]))
    x = torch.rand(1, 3, 8, 8, requires_grad=True)
    network(x).sum().backward()
    assert x.grad is not None
    assert all(parameter.grad is not None for parameter in network.parameters())
    assert "SAFMN, x3" in repr(network)


def test_as_a_teacher(safmn: tuple[SAFMN, Path]) -> None:
    config = {"generator": {"type": "SpandrelNet", "path": str(safmn[1])}}
    teacher = FrozenTeacher("teacher", config, {"f": "network.feats.0"})
    out = teacher({"lr": torch.rand(1, 3, 8, 8), "gt": torch.rand(1, 3, 24, 24)})
    assert out["out"].shape == (1, 3, 24, 24)
    assert out["f"].shape == (1, 8, 8, 8)
    assert not any(value.is_inference() for value in out.values())  # a loss may keep them
    assert len(str(teacher.reference()["sha256"])) == 64


def test_what_is_no_super_resolution_network_is_refused(tmp_path: Path) -> None:
    state = dict(SAFMN(channels=8, num_blocks=1).state_dict())
    state.update({"to_img.0.weight": torch.ones(3, 8, 3, 3), "to_img.0.bias": torch.ones(3)})
    path = saved(tmp_path / "restoring.pth", state)
    with pytest.raises(ValueError, match=r"SAFMN for Restoration \(3 to 3 channels, x1\)"):
        SpandrelNet(path)
    path = saved(tmp_path / "unknown.pth", {"features.0.weight": torch.ones(1)})
    with pytest.raises(ValueError, match=r"knows no architecture for .*unknown\.pth"):
        SpandrelNet(path)


def test_another_scale_and_a_missing_file_are_refused(safmn: tuple[SAFMN, Path]) -> None:
    with pytest.raises(ValueError, match=r"safmn\.pth is x3, not x2"):
        SpandrelNet(safmn[1], scale=2)
    with pytest.raises(FileNotFoundError):
        SpandrelNet(safmn[1].with_name("nothing.pth"))


def test_nothing_in_the_file_is_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return print, ("run",)

    torch.save({"params": {"to_feat.weight": Trap()}}, tmp_path / "trap.pth")
    with pytest.raises(UnsafeCheckpointError):
        SpandrelNet(tmp_path / "trap.pth")


def test_missing_package_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, safmn: tuple[SAFMN, Path]
) -> None:
    monkeypatch.setitem(sys.modules, "spandrel", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install spandrel==0\.4\.2 --no-deps"):
        SpandrelNet(safmn[1])
