from __future__ import annotations

import os
import pickle
import random
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from mmengine.logging import MessageHub
from safetensors.torch import save_file

from mmsrkd.checkpoints import (
    CheckpointError,
    TruncatedCheckpointError,
    UnsafeCheckpointError,
    read_checkpoint,
    verify_checkpoint,
)


class Calls:
    """Pickles as a call of ``function(*args)``."""

    def __init__(self, function: Any, *args: Any) -> None:
        self.call = function, args

    def __reduce__(self) -> Any:
        return self.call


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.pth"
    torch.save({"state_dict": {"w": torch.arange(3000.0)}}, path)
    return path


def test_reads_what_mmengine_saves(tmp_path: Path) -> None:
    hub = MessageHub("test_safe_load")
    for step in range(3):
        hub.update_scalar("train/loss", 1.0 / (step + 1))
    content = {
        "meta": {"iter": 3, "cfg": "a = 1", "score": np.float64(0.5), "count": np.int64(7)},
        "state_dict": OrderedDict(w=torch.ones(2)),
        "message_hub": hub.state_dict(),
        "random": {
            "numpy": np.random.default_rng(0).bit_generator.state,
            "legacy": np.random.RandomState(0).get_state(),
            "python": random.Random(0).getstate(),
            "torch": torch.get_rng_state(),
        },
    }
    path = tmp_path / "iter_3.pth"
    torch.save(content, path)
    found = read_checkpoint(path)
    assert found["meta"] == content["meta"]
    assert found["random"]["python"] == content["random"]["python"]
    assert np.array_equal(found["random"]["legacy"][1], content["random"]["legacy"][1])
    buffer = found["message_hub"]["log_scalars"]["train/loss"]
    assert buffer.mean() == hub.get_scalar("train/loss").mean()
    assert buffer.statistics("max") == 1.0


@pytest.mark.parametrize(
    ("payload", "named"),
    [
        (Calls(os.system, "touch {marker}"), r"\w+\.system"),
        (Calls(eval, "open('{marker}', 'w')"), "eval"),
        (Calls(getattr, "text", "upper"), "builtins.getattr"),
        (Calls(getattr, np.ndarray, "tofile"), "builtins.getattr"),
    ],
    ids=["system", "eval", "getattr-text", "getattr-class"],
)
@pytest.mark.parametrize("legacy", [False, True])
def test_code_is_refused_by_name(tmp_path: Path, payload: Calls, named: str, legacy: bool) -> None:
    marker, path = tmp_path / "ran", tmp_path / "evil.pth"
    function, args = payload.call
    filled = [a.format(marker=marker) if isinstance(a, str) else a for a in args]
    torch.save(
        {"state_dict": {}, "x": Calls(function, *filled)},
        path,
        _use_new_zipfile_serialization=not legacy,
    )
    with pytest.raises(UnsafeCheckpointError, match=rf"evil\.pth asks to load {named}.*refused"):
        read_checkpoint(path)
    assert not marker.exists()


def test_a_raw_pickle_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "raw.pth"
    path.write_bytes(pickle.dumps(Calls(os.system, "true"), protocol=2))
    with pytest.raises(UnsafeCheckpointError, match="system"):
        read_checkpoint(path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_short_files_are_named_with_their_size(
    tmp_path: Path, sound: Path, suffix: str, share: float
) -> None:
    whole = sound
    if suffix == ".safetensors":
        whole = tmp_path / "sound.safetensors"
        save_file({"w": torch.arange(3000.0)}, whole)
    data = whole.read_bytes()
    path = tmp_path / f"short{suffix}"
    path.write_bytes(data[: int(len(data) * share)])
    for function in (read_checkpoint, verify_checkpoint):
        with pytest.raises(TruncatedCheckpointError, match=r"short\.\w+ \([\d,]+ bytes\) is trunc"):
            function(path)
    verify_checkpoint(whole)


def test_verify_finds_a_flipped_bit(sound: Path) -> None:
    data = bytearray(sound.read_bytes())
    data[data.index(torch.arange(3000.0).numpy().tobytes()[400:440])] ^= 1
    sound.write_bytes(data)
    with pytest.raises(TruncatedCheckpointError, match="checksum"):
        verify_checkpoint(sound)


def test_text_is_not_taken_for_an_attack(tmp_path: Path) -> None:
    path = tmp_path / "page.pth"
    path.write_text("<!DOCTYPE html><html>404</html>")
    with pytest.raises(TruncatedCheckpointError, match="not a checkpoint"):
        read_checkpoint(path)


def test_missing_file_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"folder .*nowhere does not exist; check the path"):
        read_checkpoint(tmp_path / "nowhere" / "a.pth")


def test_other_content_is_refused(tmp_path: Path) -> None:
    torch.save([torch.ones(1)], tmp_path / "list.pth")
    with pytest.raises(CheckpointError, match="holds a list, not a dictionary"):
        read_checkpoint(tmp_path / "list.pth")


def test_safetensors_header_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"w": torch.ones(2)}, path, {"network": '{"type": "SPAN"}', "note": "plain text"})
    found = read_checkpoint(path)
    assert found["meta"] == {"network": {"type": "SPAN"}, "note": "plain text"}
    assert torch.equal(found["state_dict"]["w"], torch.ones(2))
