from __future__ import annotations

from pathlib import Path

import pytest
import torch

from mmsrkd.models.distillation import FrozenTeacher, LabelConsistency
from tests import tiny

GENERATOR = {"type": "SPAN", "channels": 12, "num_blocks": 2, "scale": 2}


def teacher(folder: Path, **more: object) -> FrozenTeacher:
    config = {"generator": GENERATOR, "checkpoint": tiny.teacher_checkpoint(folder), **more}
    return FrozenTeacher("t", config, {})


def test_undoing_is_exact_and_order_matters_not_to_it() -> None:
    x = torch.rand(64, 3, 6, 6)
    torch.manual_seed(0)
    changed, undo = LabelConsistency()(x)
    assert torch.allclose(undo(changed), x, atol=1e-6)
    same = [torch.equal(a, b) for a, b in zip(changed, x, strict=True)]
    assert 0 < sum(same) < 20, "a sixteenth of the samples stays as it is"
    bigger = torch.rand(64, 3, 12, 12)
    assert undo(bigger).shape == bigger.shape


@pytest.mark.parametrize(
    ("change", "by_hand"),
    [
        ("invert", lambda x: 1 - x),
        ("hflip", lambda x: torch.flip(x, [3])),
        ("vflip", lambda x: torch.flip(x, [2])),
        ("transpose", lambda x: x.permute(0, 1, 3, 2)),
    ],
)
def test_a_teachers_image_is_changed_back(tmp_path: Path, change: str, by_hand: object) -> None:
    plain = teacher(tmp_path)
    always = teacher(tmp_path, consistency={"changes": [change], "probability": 1.0})
    lr = torch.rand(2, 3, 8, 8)
    expected = by_hand(plain({"lr": by_hand(lr)})["out"])
    found = always({"lr": lr})["out"]
    assert torch.allclose(found, expected, atol=1e-6)
    assert not torch.allclose(found, plain({"lr": lr})["out"], atol=1e-4)
    never = teacher(tmp_path, consistency={"changes": [change], "probability": 0.0})
    assert torch.equal(never({"lr": lr})["out"], plain({"lr": lr})["out"])


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="8x6 cannot be transposed"):
        LabelConsistency()(torch.rand(1, 3, 8, 6))
    with pytest.raises(ValueError, match="rotate is unknown; choose from invert"):
        teacher(tmp_path, consistency={"changes": ["rotate"]})
    with pytest.raises(KeyError, match="chance"):
        teacher(tmp_path, consistency={"chance": 0.5})
    config = {"generator": GENERATOR, "checkpoint": "x", "consistency": {}}
    with pytest.raises(ValueError, match="its features do not fit"):
        FrozenTeacher("t", config, {"f": "block_1"})
