from __future__ import annotations

import numpy as np
import pytest
import torch

from mmsrkd.engine import StepCostHook
from mmsrkd.engine.hooks.step_cost_hook import peak_resident, reset_peak_resident

pytestmark = pytest.mark.skipif(torch.cuda.is_available(), reason="about the clock of CPUs")


def take_steps(hook: StepCostHook, count: int) -> None:
    for _ in range(count):
        hook.before_train_iter(None)
        hook.after_train_iter(None)


def test_the_record_is_in_the_checkpoint_and_survives_a_resume() -> None:
    first = StepCostHook()
    first.before_save_checkpoint(None, empty := {"meta": {}})
    assert empty == {"meta": {}}, "nothing was measured"
    take_steps(first, 5)
    checkpoint: dict = {"meta": {}}
    first.before_save_checkpoint(None, checkpoint)
    saved = checkpoint["meta"]["step_cost"]
    assert saved["steps_timed"] == 5
    assert saved["memory_kind"] == "process"
    saved |= {"step_seconds": 123.0, "peak_memory_mib": 1e9}
    short, long = StepCostHook(), StepCostHook()
    for hook, steps in ((short, 2), (long, 9)):
        hook.after_load_checkpoint(None, checkpoint)
        take_steps(hook, steps)
        assert hook.record()["peak_memory_mib"] == 1e9
    assert short.record()["step_seconds"] == 123.0
    assert long.record()["step_seconds"] < 1


def test_peak_memory_is_seen() -> None:
    reset_peak_resident()
    before = peak_resident()
    np.ones(64 * 2**20, dtype=np.uint8).sum()
    assert peak_resident() > before - 2**20
    assert before > 2**20
