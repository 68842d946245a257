from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.runner import CheckpointLoader, load_checkpoint

from mmsrkd.checkpoints import UnsafeCheckpointError
from mmsrkd.checkpoints.loader import as_edit_model, load_from_local_safely, register
from mmsrkd.checkpoints.network_file import network_metadata, write_network
from mmsrkd.models.networks import LGRNet
from mmsrkd.registry import MODELS

CONFIG: dict[str, Any] = {"type": "LGRNet", "channels": 4, "num_blocks": 1}


class Evil:
    def __reduce__(self) -> Any:
        return os.system, ("true",)


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("work_dirs/a/iter_1.pth", True),
        ("/tmp/last.ckpt", True),
        ("student.safetensors", True),
        ("no_suffix", True),
        ("https://host/a.pth", False),
        ("s3://bucket/a.pth", False),
        ("open-mmlab:s3://a.pth", False),
        ("torchvision://vgg19", False),
        ("open-mmlab://x.pth", False),
    ],
)
def test_local_paths_and_only_those_are_ours(path: str, ours: bool) -> None:
    register()
    register()
    assert (CheckpointLoader._get_checkpoint_loader(path) is load_from_local_safely) is ours


def test_mmengine_no_longer_falls_back_to_unsafe_reading(tmp_path: Path) -> None:
    torch.save({"state_dict": {}, "x": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(UnsafeCheckpointError):
        CheckpointLoader.load_checkpoint(str(tmp_path / "evil.pth"))


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
@pytest.mark.usefixtures("scope")
def test_a_published_student_loads_in_a_plain_editor(tmp_path: Path, suffix: str) -> None:
    student = LGRNet(channels=4, num_blocks=1)
    state = student.state_dict()
    path = write_network(tmp_path / f"student{suffix}", state, network_metadata(CONFIG, state, {}))
    model = MODELS.build(
        {"type": "BaseEditModel", "generator": dict(CONFIG), "pixel_loss": {"type": "L1Loss"}}
    )
    load_checkpoint(model, str(path), map_location="cpu", strict=False)
    for key, value in model.generator.state_dict().items():
        assert torch.equal(value, state[key])


def test_a_bare_state_dict_of_a_known_family_is_taken_for_a_generator() -> None:
    found = as_edit_model(dict(LGRNet(channels=4, num_blocks=1).state_dict()))
    assert "generator.head.0.weight" in found["state_dict"]


@pytest.mark.parametrize(
    "checkpoint",
    [
        {"features.0.weight": torch.ones(1)},
        {"state_dict": {"generator.head.0.weight": torch.ones(1)}, "optimizer": {}},
        {"epoch": 3},
    ],
    ids=["another network", "training checkpoint", "no tensors"],
)
def test_everything_else_passes_unchanged(checkpoint: dict[str, Any]) -> None:
    assert as_edit_model(checkpoint) is checkpoint
