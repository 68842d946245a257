"""Two phases begun from two networks, and a student of both tasks; killed and resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

import mmsrkd.apis.stages.run as run_module
from mmsrkd.apis.stages import run_stages
from mmsrkd.models.networks import SPAN, MIMOUNet
from tests import tiny
from tests.test_apis.test_stages import KilledError, KillHook, weights

SMALL = {"channels": 4, "num_blocks": 1}
NETWORK = {"type": "SRDeblurNet", **SMALL, "sr_channels": 8, "sr_blocks": 1, "img_range": 1.0}
IMAGES = ["img", "gt", "gt_deblur"]
PIPELINE = [
    {"type": "LoadCheckedImage", "key": "gt"},
    {"type": "GenerateLR"},
    {"type": "PairedPatchCrop", "lr_patch": 8},
    {"type": "CopyValues", "src_keys": ["img"], "dst_keys": ["gt_deblur"]},
    {"type": "RandomMotionBlur", "keys": ["img"], "shortest": 3, "longest": 5},
    {"type": "Flip", "keys": IMAGES, "direction": "horizontal"},
    {"type": "PackInputs", "data_keys": ["gt_deblur"]},
]
DEBLUR = {"deblur": {"type": "SpectralL1Loss", "weight": 0.1}}
SR = {"sr": {"type": "L1Loss"}}
OUTPUTS = {f"out{index}": {"path": "", "index": index} for index in range(4)}
TEACHER = {"generator": {**NETWORK, "form": "all"}, "checkpoint": "{stage:phase2}"}
PSEUDO = {
    "type": "FeatureL1Loss",
    "args": {"student": "student.out[0-3]", "teacher": "teacher.out[0-3]"},
}
MODELS: dict[str, dict[str, Any]] = {
    "phase1": {
        "type": "MultiTaskEditModel",
        "pixel_loss": {"type": "TaskLosses", **DEBLUR},
        "freeze": ["fit", "sr"],
    },
    "phase2": {
        "type": "MultiTaskEditModel",
        "pixel_loss": {"type": "TaskLosses", **SR},
        "freeze": ["deblur"],
    },
    "student": {
        "type": "MultiTaskDistillEditModel",
        "pixel_loss": {"type": "TaskLosses", **DEBLUR, **SR},
        "distill": {
            "teachers": {"teacher": TEACHER},
            "taps": {"student": OUTPUTS, "teacher": OUTPUTS},
            "losses": {"loss_pseudo": PSEUDO},
        },
    },
}


@pytest.fixture
def stages_file(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    torch.save(MIMOUNet(**SMALL).state_dict(), tmp_path / "mimo.pth")
    span = SPAN(channels=8, num_blocks=1, scale=4)
    torch.save(span.state_dict(), tmp_path / "span.pth")
    starts: dict[str, Any] = {
        "phase1": [
            {"checkpoint": str(tmp_path / "mimo.pth"), "into": "deblur"},
            {"checkpoint": str(tmp_path / "span.pth"), "into": "sr"},
        ],
        "phase2": {"checkpoint": "{stage:phase1}"},
        "student": {"checkpoint": "{stage:phase2}", "prefix": "sr.", "into": "sr"},
    }
    for name, model in MODELS.items():
        whole = tiny.model_config() | {"generator": NETWORK, **model}
        cfg = tiny.train_config(tmp_path, whole, steps=4)
        cfg.train_dataloader.dataset.merge({"scale": 4, "pipeline": PIPELINE})
        cfg.init_from = starts[name]
        cfg.dump(tmp_path / f"{name}.py")
    entries = {name: {"config": f"{name}.py", "deploy": False} for name in MODELS}
    (tmp_path / "stages.py").write_text(f"stages = {entries!r}\n")
    return tmp_path / "stages.py"


def test_two_phases_and_a_student(
    stages_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the second freezes is the first's, bit for bit, and kills change nothing."""
    record = run_stages(stages_file, tmp_path / "whole")
    first, second = (weights(tmp_path / "whole", name) for name in ("phase1", "phase2"))
    begun = torch.load(tmp_path / "span.pth")
    assert all(torch.equal(first[f"sr.{name}"], value) for name, value in begun.items())
    same = {name for name in first if torch.equal(first[name], second[name])}
    assert same == {name for name in first if name.startswith("deblur.")}
    assert [len(start["left"]) for start in record["phase1"]["init_from"]] == [0, 0]

    train, killed = run_module.train, set()

    def dying_train(config: Any, **more: Any) -> Any:
        name = Path(config.work_dir).name
        if name not in killed:
            killed.add(name)
            config.custom_hooks.append({"type": KillHook})
        return train(config, **more)

    monkeypatch.setattr(run_module, "train", dying_train)
    for _ in MODELS:
        with pytest.raises(KilledError):
            run_stages(stages_file, tmp_path / "killed", resume=True)
    run_stages(stages_file, tmp_path / "killed", resume=True)
    for name in MODELS:
        ours, theirs = weights(tmp_path / "whole", name), weights(tmp_path / "killed", name)
        assert all(torch.equal(ours[key], theirs[key]) for key in ours)
